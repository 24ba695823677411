//! The act that registers organisations.

use serde::{Deserialize, Serialize};

use super::{Organisation, OrganisationKind, OrganisationRefusal, store};
use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::ledger::EntityKind;
use crate::ledger::books::store as books;
use crate::office::{Act, Scene, Target};
use crate::parties::CreditCode;

/// Registers organisations, or corrects them. Refuses wrong credit codes (I-2xx), codes of others (I-702), books of another
/// kind (I-703).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegisterOrganisations {
    /// The organisations.
    pub organisations: Vec<Organisation>,
}

impl Act for RegisterOrganisations {
    const KIND: &'static str = "organisation.register";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let mut rows = self.organisations.clone();
        for row in &mut rows {
            if row.name.trim().is_empty() || row.registered.is_negative() {
                return Err(OrganisationRefusal::NoName { organisation: row.organisation.clone() }.into());
            }
            if let Some(code) = row.credit_code.take() {
                let code = CreditCode::parse(&code)?.code.as_str().to_owned();
                let other = store::with_code(tx, &scene.county, &code).await?;
                if let Some(other) = other.filter(|other| *other != row.organisation) {
                    return Err(OrganisationRefusal::CodeTaken { code, other }.into());
                }
                row.credit_code = Some(code);
            }
            check_book(tx, scene, row).await?;
        }
        store::save(tx, &scene.county, &rows).await?;
        Ok(rows.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "organisations": self.organisations.len() })
    }
}

async fn check_book(tx: &mut Connection, scene: &Scene, row: &Organisation) -> Result<(), Stop> {
    let Some(code) = &row.book else { return Ok(()) };
    let wanted = if row.kind == OrganisationKind::Cooperative { EntityKind::Cooperative } else { EntityKind::Company };
    match books::book(tx, &scene.county, code).await? {
        Some(book) if book.kind == wanted => Ok(()),
        _ => {
            let (organisation, book) = (row.organisation.clone(), code.to_string());
            Err(OrganisationRefusal::WrongBook { organisation, book }.into())
        }
    }
}
