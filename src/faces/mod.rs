//! The faces: how people and programs reach the acts. Nothing is decided here.
//! Faces: how people and programs reach the books. A face decides nothing.

pub mod cli;
