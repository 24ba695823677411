//! Users and their roles, as kept.

use std::collections::HashMap;

use super::{AccessRefusal, Grant, Role};
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure, Stop};

/// What the county knows of an actor.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// Their roles.
    pub grants: Vec<Grant>,
}

/// Users of `$2` with their roles, a row for each role; one row of nothing in a county without users.
pub const ACTORS: &str = "select u.user_name, u.stopped_on, r.role, r.scope from app_user u \
     left join user_role r on r.county = u.county and r.user_name = u.user_name \
     where u.county = $1 and u.user_name in (select value->>0 from jsonb_each($2)) union all \
     select null, null, null, null where not exists (select 1 from app_user where county = $1)";

/// A row of [`ACTORS`].
#[derive(Debug)]
pub struct ActorRow(pub Option<String>, pub Option<String>, pub Option<String>, pub Option<String>);

/// The grants of each named actor, in the order asked; a county without users lets everybody act as head and officer.
pub async fn actors(tx: &mut Connection, county: &str, names: &[String]) -> Result<Vec<Result<Actor, AccessRefusal>>, Stop> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let asked: Vec<[&str; 1]> = names.iter().map(|name| [*name]).collect();
    let rows = sqlx::query(ACTORS).bind(county).bind(as_json(&asked)).fetch_all(&mut *tx).await?;
    let row = |row| Ok(ActorRow(column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?));
    let rows = rows.iter().map(row).collect::<Result<Vec<_>, Failure>>()?;
    Ok(as_actors(&names, rows)?)
}

/// What rows of [`ACTORS`] say of each named actor, in the order asked.
pub fn as_actors(names: &[&str], rows: Vec<ActorRow>) -> Result<Vec<Result<Actor, AccessRefusal>>, Failure> {
    if rows.iter().any(|row| row.0.is_none()) {
        return Ok(names.iter().map(|_| Ok(Actor { grants: founding_grants() })).collect());
    }
    let mut known: HashMap<String, Result<Actor, AccessRefusal>> = HashMap::new();
    for ActorRow(user, stopped, role, scope) in rows {
        let user = user.unwrap_or_default();
        let entry = known.entry(user.clone()).or_insert_with(|| match stopped {
            Some(_) => Err(AccessRefusal::UserStopped { user }),
            None => Ok(Actor::default()),
        });
        if let (Ok(actor), Some(role), Some(scope)) = (entry, role, scope) {
            let role = Role::parse(&role).ok_or(Failure::Damaged(role))?;
            actor.grants.push(Grant { role, scope });
        }
    }
    let unknown = |user: &&str| Err(AccessRefusal::UnknownUser { user: (*user).to_owned() });
    Ok(names.iter().map(|name| known.get(*name).cloned().unwrap_or_else(|| unknown(name))).collect())
}

fn founding_grants() -> Vec<Grant> {
    [Role::Head, Role::Officer, Role::Administrator].map(|role| Grant { role, scope: String::new() }).to_vec()
}

/// True once somebody is registered.
pub async fn has_users(tx: &mut Connection, county: &str) -> Result<bool, Failure> {
    let found = sqlx::query("select 1 from app_user where county = $1 limit 1").bind(county).fetch_optional(tx).await?;
    Ok(found.is_some())
}

/// Registers a user, or changes the name shown.
pub async fn save_user(tx: &mut Connection, county: &str, user: &str, name: &str, at: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into app_user (county, user_name, name, created_at) values ($1, $2, $3, $4) \
         on conflict (county, user_name) do update set name = excluded.name";
    sqlx::query(SQL).bind(county).bind(user).bind(name).bind(at).execute(tx).await?;
    Ok(())
}

/// True for a division of the county, a book, or any code while there are no books.
pub async fn is_scope(tx: &mut Connection, county: &str, scope: &str) -> Result<bool, Failure> {
    const SQL: &str = "select 1 from book where county = $1 and book = $2 union all \
         select 1 where not exists (select 1 from book where county = $1)";
    let is_place = scope.len() == 12 && scope.starts_with(county) && scope.bytes().all(|b| b.is_ascii_digit());
    Ok(is_place || sqlx::query(SQL).bind(county).bind(scope).fetch_optional(tx).await?.is_some())
}

/// True for a bank of the register that is not stopped.
pub async fn is_bank(tx: &mut Connection, county: &str, bank: &str) -> Result<bool, Failure> {
    const SQL: &str = "select 1 from bank where county = $1 and bank = $2 and stopped_on is null";
    Ok(sqlx::query(SQL).bind(county).bind(bank).fetch_optional(tx).await?.is_some())
}

/// Banks and their branches: the codes of those named and of what belongs to them.
pub async fn with_branches(tx: &mut Connection, county: &str, banks: &[&str]) -> Result<Vec<String>, Failure> {
    const SQL: &str = "select bank from bank where county = $1 and (bank in (select value->>0 from jsonb_each($2)) \
         or parent in (select value->>0 from jsonb_each($2))) order by bank";
    let asked: Vec<[&str; 1]> = banks.iter().map(|bank| [*bank]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(as_json(&asked)).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// The banks of loans, each with the one it is a branch of; loans that are in no register have none.
pub async fn banks_of_loans(tx: &mut Connection, county: &str, loans: &[&str]) -> Result<Vec<(String, Option<String>)>, Failure> {
    const SQL: &str = "select distinct l.bank, b.parent from jsonb_each($2) r cross join loan l \
         left join bank b on b.county = l.county and b.bank = l.bank where l.county = $1 and l.loan = r.value->>0 order by 1, 2";
    let asked: Vec<[&str; 1]> = loans.iter().map(|loan| [*loan]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(as_json(&asked)).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// A bank with the one it is a branch of.
pub async fn bank_scope(tx: &mut Connection, county: &str, bank: &str) -> Result<(String, Option<String>), Failure> {
    const SQL: &str = "select parent from bank where county = $1 and bank = $2";
    let row = sqlx::query(SQL).bind(county).bind(bank).fetch_optional(tx).await?;
    Ok((bank.to_owned(), row.map(|row| column(&row, 0)).transpose()?.flatten()))
}

/// Gives a role at a scope.
pub async fn save_role(tx: &mut Connection, county: &str, user: &str, grant: &Grant) -> Result<(), Failure> {
    const SQL: &str = "insert into user_role (county, user_name, role, scope) values ($1, $2, $3, $4) on conflict do nothing";
    sqlx::query(SQL).bind(county).bind(user).bind(grant.role.as_str()).bind(&grant.scope).execute(tx).await?;
    Ok(())
}

/// All users with their roles: (user, name, role, scope).
pub async fn users(tx: &mut Connection, county: &str) -> Result<Vec<(String, String, Role, String)>, Failure> {
    const SQL: &str = "select u.user_name, u.name, r.role, r.scope from app_user u \
         join user_role r on r.county = u.county and r.user_name = u.user_name where u.county = $1 order by 1, 3, 4";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, parsed(row, 2, Role::parse)?, column(row, 3)?))).collect()
}

/// A user as people know them: the name shown, and the hash of their password where they have one.
#[derive(Debug, Clone)]
pub struct Person {
    /// Login name.
    pub user: String,
    /// Name shown.
    pub name: String,
    /// Hash of the password.
    pub password: Option<String>,
}

/// A user who is not stopped.
pub async fn person(tx: &mut Connection, county: &str, user: &str) -> Result<Option<Person>, Failure> {
    const SQL: &str = "select u.user_name, u.name, p.hash from app_user u \
         left join app_password p on p.county = u.county and p.user_name = u.user_name \
         where u.county = $1 and u.user_name = $2 and u.stopped_on is null";
    let row = sqlx::query(SQL).bind(county).bind(user).fetch_optional(tx).await?;
    row.map(|row| Ok(Person { user: column(&row, 0)?, name: column(&row, 1)?, password: column(&row, 2)? })).transpose()
}

/// True if anybody of the county can log in.
pub async fn has_passwords(tx: &mut Connection, county: &str) -> Result<bool, Failure> {
    const SQL: &str = "select user_name from app_password where county = $1 limit 1";
    Ok(sqlx::query(SQL).bind(county).fetch_optional(tx).await?.is_some())
}

/// Keeps the hash of a password. False if there is no such user.
pub async fn save_password(tx: &mut Connection, county: &str, user: &str, hash: &str, by: (&str, &str)) -> Result<bool, Failure> {
    const SQL: &str = "insert into app_password (county, user_name, hash, changed_at, changed_by) \
         select $1, user_name, $3, $4, $5 from app_user where county = $1 and user_name = $2 \
         on conflict (county, user_name) do update set hash = excluded.hash, changed_at = excluded.changed_at, \
         changed_by = excluded.changed_by";
    let saved = sqlx::query(SQL).bind(county).bind(user).bind(hash).bind(by.1).bind(by.0).execute(tx).await?;
    Ok(saved.rows_affected() > 0)
}

/// Stops a user from a date, or lets them in again. False if there is no such user.
pub async fn set_stopped(tx: &mut Connection, county: &str, user: &str, on: Option<&str>) -> Result<bool, Failure> {
    const SQL: &str = "update app_user set stopped_on = $3 where county = $1 and user_name = $2";
    Ok(sqlx::query(SQL).bind(county).bind(user).bind(on).execute(tx).await?.rows_affected() > 0)
}

/// Takes a role back. False if the user did not have it there.
pub async fn remove_role(tx: &mut Connection, county: &str, user: &str, grant: &Grant) -> Result<bool, Failure> {
    const SQL: &str = "delete from user_role where county = $1 and user_name = $2 and role = $3 and scope = $4";
    let gone = sqlx::query(SQL).bind(county).bind(user).bind(grant.role.as_str()).bind(&grant.scope).execute(tx).await?;
    Ok(gone.rows_affected() > 0)
}

/// Everybody's login name and name.
pub async fn names(tx: &mut Connection, county: &str) -> Result<Vec<(String, String)>, Failure> {
    let rows =
        sqlx::query("select user_name, name from app_user where county = $1 order by 1").bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// Keeps a token's digest for a user.
pub async fn save_token(tx: &mut Connection, of: (&str, &str), (digest, name): (&str, &str), at: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into api_token (county, token, user_name, name, made_at) values ($1, $2, $3, $4, $5)";
    sqlx::query(SQL).bind(of.0).bind(digest).bind(of.1).bind(name).bind(at).execute(tx).await?;
    Ok(())
}

/// Stops a user's token. False if there is none that is not stopped.
pub async fn stop_token(tx: &mut Connection, of: (&str, &str), digest: &str, at: &str) -> Result<bool, Failure> {
    const SQL: &str =
        "update api_token set stopped_at = $4 where county = $1 and user_name = $2 and token = $3 and stopped_at is null";
    Ok(sqlx::query(SQL).bind(of.0).bind(of.1).bind(digest).bind(at).execute(tx).await?.rows_affected() == 1)
}

/// A user's tokens that are not stopped: (digest, name, made at).
pub async fn tokens(tx: &mut Connection, county: &str, user: &str) -> Result<Vec<(String, String, String)>, Failure> {
    const SQL: &str = "select token, name, made_at from api_token where county = $1 and user_name = $2 and stopped_at is null \
         order by made_at, token";
    let rows = sqlx::query(SQL).bind(county).bind(user).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?))).collect()
}

/// Whose token it is: (login name, name); nobody's when it is stopped or its user is.
pub async fn token_user(tx: &mut Connection, county: &str, digest: &str) -> Result<Option<(String, String)>, Failure> {
    const SQL: &str = "select u.user_name, u.name from api_token t join app_user u on u.county = t.county and u.user_name = t.user_name \
         where t.county = $1 and t.token = $2 and t.stopped_at is null and u.stopped_on is null";
    let row = sqlx::query(SQL).bind(county).bind(digest).fetch_optional(tx).await?;
    row.map(|row| Ok((column(&row, 0)?, column(&row, 1)?))).transpose()
}
