//! Faces: how people and programs reach the books. A face decides nothing.

pub mod cli;
pub mod commands;
pub mod http;
pub mod print;
pub mod resolve;
pub mod web;
