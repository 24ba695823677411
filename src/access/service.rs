//! Acts on users: registering them and giving roles.

use serde::{Deserialize, Serialize};

use super::{AccessRefusal, Grant, Permission, Role, store};
use crate::db::{Connection, Stop};
use crate::office::{Act, Scene, Target};

/// Registers a user with a role at a scope; further calls add roles. Refuses a scope that is neither a place of the county
/// nor a book (N-108); while the county has no book, any code may still become one. A bank's officer needs a bank (N-109).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddUser {
    /// Login name.
    pub user: String,
    /// Name shown on papers.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// Empty, a place code or a book code; a bank's officer's bank.
    pub scope: String,
}

impl Act for AddUser {
    const KIND: &'static str = "user.add";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::ManageUsers, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let role = Role::parse(&self.role).ok_or_else(|| AccessRefusal::UnknownRole { role: self.role.clone() })?;
        if role != Role::Administrator && !store::has_users(tx, &scene.county).await? {
            return Err(AccessRefusal::FirstAdministrator.into());
        }
        self.check_scope(tx, &scene.county, role).await?;
        store::save_user(tx, &scene.county, &self.user, &self.name, &scene.at).await?;
        store::save_role(tx, &scene.county, &self.user, &Grant { role, scope: self.scope.clone() }).await?;
        Ok(())
    }
}

impl AddUser {
    async fn check_scope(&self, tx: &mut Connection, county: &str, role: Role) -> Result<(), Stop> {
        let scope = self.scope.clone();
        if role == Role::Bank {
            let known = store::is_bank(tx, county, &scope).await?;
            return if known { Ok(()) } else { Err(AccessRefusal::NotABank { scope }.into()) };
        }
        let known = scope.is_empty() || store::is_scope(tx, county, &scope).await?;
        if known { Ok(()) } else { Err(AccessRefusal::NoSuchScope { scope }.into()) }
    }
}

/// Sets somebody's password: the hash travels, the password never does. The administrator's act.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetPassword {
    /// Login name.
    pub user: String,
    /// What `password::hash` made of it.
    pub hash: String,
}

impl Act for SetPassword {
    const KIND: &'static str = "user.set_password";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::ManageUsers, Target::County)
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "user": self.user })
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        save(tx, scene, &self.user, &self.hash).await
    }
}

/// Changes one's own password; the face has checked the present one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeOwnPassword {
    /// What `password::hash` made of the new one.
    pub hash: String,
}

impl Act for ChangeOwnPassword {
    const KIND: &'static str = "user.change_own_password";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::OwnAccount, Target::Own)
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({})
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        save(tx, scene, &scene.actor, &self.hash).await
    }
}

async fn save(tx: &mut Connection, scene: &Scene, user: &str, hash: &str) -> Result<(), Stop> {
    let saved = store::save_password(tx, &scene.county, user, hash, (&scene.actor, &scene.at)).await?;
    if saved { Ok(()) } else { Err(AccessRefusal::UnknownUser { user: user.to_owned() }.into()) }
}

/// Takes a copy of the whole database: what is done here is that the trail says who.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeBackup {
    /// The name it is kept under.
    pub file: String,
}

impl Act for TakeBackup {
    const KIND: &'static str = "county.backup";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::ManageUsers, Target::County)
    }

    async fn perform(&self, _: &mut Connection, _: &Scene) -> Result<(), Stop> {
        Ok(())
    }
}

/// Stops a user, or lets them in again; takes effect at their next click.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StopUser {
    /// Login name.
    pub user: String,
    /// True: stopped from today; false: let in again.
    pub stop: bool,
}

impl Act for StopUser {
    const KIND: &'static str = "user.stop";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::ManageUsers, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        if self.stop && self.user == scene.actor {
            return Err(AccessRefusal::StopsThemselves.into());
        }
        let today = scene.today.to_string();
        let known = store::set_stopped(tx, &scene.county, &self.user, self.stop.then_some(today.as_str())).await?;
        if known { Ok(()) } else { Err(AccessRefusal::UnknownUser { user: self.user.clone() }.into()) }
    }
}

/// Takes a role back; takes effect at the next click.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveRole {
    /// Login name.
    pub user: String,
    /// The role's name.
    pub role: String,
    /// Where it holds.
    pub scope: String,
}

impl Act for RemoveRole {
    const KIND: &'static str = "user.remove_role";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::ManageUsers, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let role = Role::parse(&self.role).ok_or_else(|| AccessRefusal::UnknownRole { role: self.role.clone() })?;
        if role == Role::Administrator && self.user == scene.actor {
            return Err(AccessRefusal::StopsThemselves.into());
        }
        let grant = Grant { role, scope: self.scope.clone() };
        let had = store::remove_role(tx, &scene.county, &self.user, &grant).await?;
        let missing = || AccessRefusal::NoSuchGrant { user: self.user.clone(), role: role.label_zh().to_owned() };
        if had { Ok(()) } else { Err(missing().into()) }
    }
}

/// Keeps the digest of a token that lets a program act as whoever keeps it; the token itself is shown once by the face.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepToken {
    /// SHA-256 of the token, in hex.
    pub digest: String,
    /// What it is for.
    pub name: String,
}

impl Act for KeepToken {
    const KIND: &'static str = "user.keep_token";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::OwnAccount, Target::Own)
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "name": self.name })
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        Ok(store::save_token(tx, (&scene.county, &scene.actor), (&self.digest, &self.name), &scene.at).await?)
    }
}

/// Stops one of one's own tokens; takes effect at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StopToken {
    /// SHA-256 of the token, in hex.
    pub digest: String,
}

impl Act for StopToken {
    const KIND: &'static str = "user.stop_token";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::OwnAccount, Target::Own)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let had = store::stop_token(tx, (&scene.county, &scene.actor), &self.digest, &scene.at).await?;
        if had { Ok(()) } else { Err(AccessRefusal::UnknownToken.into()) }
    }
}
