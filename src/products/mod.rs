//! Products: what the programme lends, pays and shares out.
//!
//! A product does not call another; what spans two is an act of the room that pays.

pub mod aid_funds;
pub mod cooperative_shares;
pub mod entrusted_funds;
pub mod leases;
pub mod microloan;
pub mod projects;
pub mod revolving_fund;
pub mod village_claims;
