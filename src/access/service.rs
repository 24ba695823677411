//! Acts on users: registering them and giving roles.

use serde::{Deserialize, Serialize};

use super::{AccessRefusal, Grant, Permission, Role, store};
use crate::db::{Connection, Stop};
use crate::office::{Act, Scene, Target};

/// Registers a user with a role at a scope; further calls add roles.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddUser {
    /// Login name.
    pub user: String,
    /// Name shown on papers.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// Empty, a place code or a book code.
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
        store::save_user(tx, &scene.county, &self.user, &self.name, &scene.at).await?;
        store::save_role(tx, &scene.county, &self.user, &Grant { role, scope: self.scope.clone() }).await?;
        Ok(())
    }
}
