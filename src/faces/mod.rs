//! The faces: how people and programs reach the acts. Nothing is decided here.

pub mod cli;
