//! Who may do what, where: roles held at a place or a book.
//!
//! Pure, but for `store.rs` and `service.rs`.
//!
//! 1. A permission is held through a role whose scope covers the book: the county, the book's place or one above it, or the book.
//! 2. The administrator manages people and never touches money acts (domain/village-affairs.md §8).
//! 3. A county without registered users is being set up: whoever holds the database may act. The first user ends that.
//! 4. Nobody approves what they made; that rule is the ledger's and holds whatever roles somebody has.
//! 5. A bank's officer holds a role at a bank: it covers that bank's loans, those of its branches, and nothing else.

pub mod password;
mod roles;
pub mod service;
pub mod store;

pub use roles::{Permission, Role};

use crate::refusals;

/// A role held somewhere. Scope: empty for the whole county, a place code, a book code, or for a bank's officer the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub scope: String,
}

/// What an act is done to: a book at its place, or the county as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole county.
    County,
    /// The acting person's own account.
    Own,
    /// One book; its place code where it has one.
    Book {
        /// The book's code.
        book: String,
        /// Its place.
        place: Option<String>,
    },
    /// Loans of these banks: each bank, and the one it is a branch of.
    Banks(Vec<(String, Option<String>)>),
}

refusals! {
    /// Why somebody may not.
    pub enum AccessRefusal {
        /// The name is not among the county's users.
        "N-101" UnknownUser { user: String }
            zh "没有名为“{user}”的用户" en "no user named '{user}'" next "用 --as 指定已登记的用户,或由管理员执行 user add 登记";
        /// The user was stopped.
        "N-102" UserStopped { user: String }
            zh "用户“{user}”已停用" en "user '{user}' is stopped" next "请管理员恢复,或换用本人的账号";
        /// No role of theirs allows it here.
        "N-103" NotAllowed { user: String, permission: String, place: String }
            zh "用户“{user}”在 {place} 没有“{permission}”权限" en "user '{user}' lacks the permission '{permission}' at {place}" next "请有权限的同事办理,或由管理员授予角色";
        /// The role's name is not known.
        "N-104" UnknownRole { role: String }
            zh "没有“{role}”这种角色" en "there is no role '{role}'" next "可用角色:accountant reviewer head cashier clerk officer auditor administrator committee bank";
        /// The first user must be able to register the others.
        "N-105" FirstAdministrator
            zh "第一个用户必须是系统管理员" en "the first user must be an administrator" next "先登记系统管理员(--role administrator),再登记其他人";
        /// The administrator would lock themselves out.
        "N-106" StopsThemselves
            zh "管理员不能停用自己或收回自己的管理员角色" en "an administrator cannot stop themselves" next "请另一位管理员办理";
        /// Neither a place of the county nor one of its books.
        "N-108" NoSuchScope { scope: String }
            zh "“{scope}”既不是本县的区划代码,也不是账套编号" en "'{scope}' is neither a place of the county nor a book" next "用 place list、book list 查代码;不写范围即全县";
        /// A bank's officer is nothing without the bank.
        "N-109" NotABank { scope: String }
            zh "银行信贷员的范围要写一家银行,“{scope}”不是登记的银行" en "a bank's officer holds the role at a bank; '{scope}' is no registered bank" next "用 branch list(“银行与机构”页)查银行代号,填在范围里";
        /// The user does not have the role there.
        "N-107" NoSuchGrant { user: String, role: String }
            zh "用户“{user}”在此范围没有“{role}”角色" en "user '{user}' does not hold the role '{role}' there" next "刷新页面后再看";
        /// The token is not this person's.
        "N-110" UnknownToken
            zh "没有这个接口令牌" en "there is no such token" next "在“我的账号”里查看自己的令牌";
    }
}

impl Grant {
    /// True if this grant's scope covers what the act is done to.
    pub fn covers(&self, scope: &Scope) -> bool {
        if self.role == Role::Bank {
            return self.covers_banks(scope);
        }
        match scope {
            _ if self.scope.is_empty() => true,
            Scope::Own => true,
            Scope::County | Scope::Banks(_) => false,
            Scope::Book { book, place } => {
                self.scope == *book || place.as_deref().is_some_and(|place| place.starts_with(self.scope.trim_end_matches("000")))
            }
        }
    }

    fn covers_banks(&self, scope: &Scope) -> bool {
        let own = |bank: &(String, Option<String>)| bank.0 == self.scope || bank.1.as_ref() == Some(&self.scope);
        match scope {
            Scope::Own => true,
            Scope::Banks(banks) => banks.iter().all(own),
            Scope::County | Scope::Book { .. } => false,
        }
    }
}

/// Refuses unless one of the grants allows the permission at the scope.
pub fn check(user: &str, grants: &[Grant], permission: Permission, scope: &Scope) -> Result<(), AccessRefusal> {
    if grants.iter().any(|grant| grant.role.allows(permission) && grant.covers(scope)) {
        return Ok(());
    }
    let place = match scope {
        Scope::County => "全县".to_owned(),
        Scope::Own => "本人账号".to_owned(),
        Scope::Book { book, .. } => format!("账套 {book}"),
        Scope::Banks(_) => "其他银行的贷款".to_owned(),
    };
    Err(AccessRefusal::NotAllowed { user: user.to_owned(), permission: permission.label_zh().to_owned(), place })
}

/// Refuses loans of a bank other than those somebody is kept to; `None` keeps to nothing.
pub fn check_bank(user: &str, banks: Option<&[String]>, bank: &str) -> Result<(), AccessRefusal> {
    if banks.is_none_or(|banks| banks.iter().any(|own| own == bank)) {
        return Ok(());
    }
    let (permission, place) = ("查看".to_owned(), "其他银行的贷款".to_owned());
    Err(AccessRefusal::NotAllowed { user: user.to_owned(), permission, place })
}

/// True if the books of a scope are somebody's to read: any role that covers it, but for the administrator's.
pub fn may_read(grants: &[Grant], scope: &Scope) -> bool {
    grants.iter().any(|grant| grant.role != Role::Administrator && grant.covers(scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn village_book() -> Scope {
        Scope::Book { book: "V001".into(), place: Some("459900101201".into()) }
    }

    #[test]
    fn a_township_grant_covers_its_villages_only() {
        let accountant = |scope: &str| [Grant { role: Role::Accountant, scope: scope.into() }];
        for (scope, allowed) in
            [("", true), ("459900101000", true), ("459900102000", false), ("V001", true), ("V002", false), ("459900101201", true)]
        {
            assert_eq!(check("甲", &accountant(scope), Permission::KeepVouchers, &village_book()).is_ok(), allowed, "{scope}");
        }
    }

    #[test]
    fn a_banks_officer_has_the_loans_of_the_bank_and_its_branches_only() {
        let officer = [Grant { role: Role::Bank, scope: "B01".into() }];
        let banks = |of: &[(&str, Option<&str>)]| {
            Scope::Banks(of.iter().map(|(bank, parent)| ((*bank).to_owned(), parent.map(str::to_owned))).collect())
        };
        for (scope, allowed) in [
            (banks(&[("B01", None)]), true),
            (banks(&[("B0101", Some("B01")), ("B01", None)]), true),
            (banks(&[("B01", None), ("B02", None)]), false),
            (banks(&[("B0201", Some("B02"))]), false),
            (Scope::County, false),
            (village_book(), false),
            (Scope::Book { book: "B01".into(), place: None }, false),
        ] {
            assert_eq!(check("甲", &officer, Permission::KeepLoans, &scope).is_ok(), allowed, "{scope:?}");
            assert_eq!(may_read(&officer, &scope), allowed, "{scope:?}");
        }
        assert!(check("甲", &officer, Permission::KeepRegisters, &banks(&[("B01", None)])).is_err());
        let of_village = [Grant { role: Role::Officer, scope: "459900101000".into() }];
        assert!(check("乙", &of_village, Permission::KeepLoans, &banks(&[("B01", None)])).is_err());
    }

    #[test]
    fn an_administrator_has_no_money_acts() {
        let administrator = [Grant { role: Role::Administrator, scope: String::new() }];
        assert!(check("管", &administrator, Permission::ManageUsers, &Scope::County).is_ok());
        for permission in
            [Permission::KeepVouchers, Permission::Review, Permission::Close, Permission::Reopen, Permission::PostByRule]
        {
            assert!(check("管", &administrator, permission, &village_book()).is_err());
        }
    }
}
