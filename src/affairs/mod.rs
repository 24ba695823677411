//! Village affairs (村务管理): registers that stand beside the books and that claims, projects and sheets point to.
//!
//! Pure, but for the `store.rs` and `service.rs` of its rooms. Not a product: products may read and fill these registers.

pub mod assets;
pub mod duties;
pub mod meetings;
pub mod notices;
pub mod refusal;
pub mod residents;
