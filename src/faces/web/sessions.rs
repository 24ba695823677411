//! Sessions and the doorkeeper: who a cookie belongs to.
//!
//! 1. The database keeps the SHA-256 of a session's id, so that a copy of it opens no door.
//! 2. A changed password ends every other session of that person (the hash is part of the session).

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use axum_login::{AuthUser, AuthnBackend, UserId};
use chrono::{DateTime, SecondsFormat};
use sha2::{Digest, Sha256};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{ExpiredDeletion, SessionStore};

use super::seat::Web;
use crate::access::{password, store as people};
use crate::db::Failure;

pub mod store;

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Login name.
    pub user: String,
    /// Name shown.
    pub name: String,
    /// Hash of the password.
    hash: String,
}

impl AuthUser for Staff {
    type Id = String;

    fn id(&self) -> String {
        self.user.clone()
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.hash.as_bytes()
    }
}

/// What is typed at the login.
#[derive(Clone, serde::Deserialize)]
pub struct Credentials {
    /// Login name.
    pub user: String,
    /// Password.
    pub password: String,
}

/// Tells who may come in.
#[derive(Clone)]
pub struct Doorkeeper(pub Arc<Web>);

impl Doorkeeper {
    async fn staff(&self, user: &str) -> std::result::Result<Option<Staff>, Failure> {
        let person = people::person(&mut *self.0.office.db.reader().await?, self.0.county(), user).await?;
        Ok(person.and_then(|person| Some(Staff { user: person.user, name: person.name, hash: person.password? })))
    }
}

impl AuthnBackend for Doorkeeper {
    type User = Staff;
    type Credentials = Credentials;
    type Error = Failure;

    async fn authenticate(&self, typed: Credentials) -> std::result::Result<Option<Staff>, Failure> {
        let staff = self.staff(&typed.user).await?;
        // Hashing takes tens of milliseconds: not on a thread that serves others.
        let checked = tokio::task::spawn_blocking(move || match staff {
            Some(staff) => password::verify(&typed.password, &staff.hash).then_some(staff),
            None => password::verify_nobody(&typed.password).then_some(None).flatten(),
        });
        checked.await.map_err(|_| Failure::Stopped)
    }

    async fn get_user(&self, user: &UserId<Self>) -> std::result::Result<Option<Staff>, Failure> {
        self.staff(user).await
    }
}

/// Sessions in the office's database.
#[derive(Clone)]
pub struct Sessions(pub Arc<Web>);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

fn key(id: &Id) -> String {
    hex::encode(Sha256::digest(id.to_string()))
}

fn lost(cause: impl fmt::Display) -> Error {
    Error::Backend(cause.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.save(record).await // ids carry 128 bits of chance
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let text = serde_json::to_string(&record.data).map_err(|cause| Error::Encode(cause.to_string()))?;
        let expires = DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0).ok_or_else(|| lost("expiry"))?;
        let expires = expires.to_rfc3339_opts(SecondsFormat::Millis, true);
        let db = &self.0.office.db;
        store::save(db, self.0.county(), &key(&record.id), &text, &expires).await.map_err(lost)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = self.0.office.instant().to_rfc3339_opts(SecondsFormat::Millis, true);
        let found = store::load(&self.0.office.db, self.0.county(), &key(id), &now).await.map_err(lost)?;
        let Some((text, expires)) = found else { return Ok(None) };
        let data = serde_json::from_str(&text).map_err(|cause| Error::Decode(cause.to_string()))?;
        let expires = DateTime::parse_from_rfc3339(&expires).map_err(|cause| Error::Decode(cause.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(expires.timestamp()).map_err(lost)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        store::delete(&self.0.office.db, self.0.county(), &key(id)).await.map_err(lost)
    }
}

#[async_trait]
impl ExpiredDeletion for Sessions {
    async fn delete_expired(&self) -> Result<()> {
        let now = self.0.office.instant().to_rfc3339_opts(SecondsFormat::Millis, true);
        store::delete_expired(&self.0.office.db, self.0.county(), &now).await.map_err(lost)
    }
}
