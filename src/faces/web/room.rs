//! A page of tables and forms, for rooms whose pages are nothing more: claims, cash, disclosure, supervision, projects.
//!
//! Pure.
//!
//! 1. A form keeps what was typed and shows each field's reason beside it.
//! 2. Every form carries a key; what cannot be undone asks first.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::frame::Frame;
use super::table::Table;
use super::text::Texts;
use super::trouble::{Trouble, show, status_of};
use crate::refusal::Refusal;

/// A field of a form.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Its name in the form.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// `text`, `date`, `decimal`, `hidden`, `file`, `select`, `long`, `check`, `password`.
    pub kind: &'static str,
    /// Choices of a select: value, label.
    pub options: Vec<(String, String)>,
    /// Must be filled in.
    pub required: bool,
    /// Why it was returned.
    pub reason: String,
}

impl Field {
    /// A field of a kind.
    pub fn of(kind: &'static str, name: &str, label: &str, value: impl Into<String>) -> Field {
        Field { name: name.into(), label: label.into(), value: value.into(), kind, ..Field::default() }
    }

    /// Words.
    pub fn text(name: &str, label: &str, value: impl Into<String>) -> Field {
        Field::of("text", name, label, value)
    }

    /// Carried along unseen.
    pub fn hidden(name: &str, value: impl Into<String>) -> Field {
        Field::of("hidden", name, "", value)
    }

    /// One of several.
    pub fn select(name: &str, label: &str, value: impl Into<String>, options: Vec<(String, String)>) -> Field {
        Field { options, ..Field::of("select", name, label, value) }
    }

    /// Cannot be left blank.
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }
}

/// A form.
#[derive(Debug, Clone, Default)]
pub struct FormBox {
    /// Its title.
    pub title: String,
    /// Where it goes.
    pub action: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Buttons: value of `do`, word, class, question before.
    pub buttons: Vec<(String, String, &'static str, String)>,
    /// Carries files.
    pub files: bool,
    /// Kept in the browser while the line is dead, under this name.
    pub keep: String,
    /// What a link jumps to it by.
    pub id: String,
}

impl FormBox {
    /// A form with its key.
    pub fn new(title: &str, action: impl Into<String>, key: String) -> FormBox {
        FormBox { title: title.into(), action: action.into(), fields: vec![Field::hidden("key", key)], ..FormBox::default() }
    }

    /// With one more field.
    pub fn field(mut self, field: Field) -> FormBox {
        self.fields.push(field);
        self
    }

    /// With one more button.
    pub fn button(mut self, value: &str, word: &str, class: &'static str) -> FormBox {
        self.buttons.push((value.into(), word.into(), class, String::new()));
        self
    }

    /// With a button that asks first.
    pub fn asking(mut self, value: &str, word: &str, class: &'static str, question: impl Into<String>) -> FormBox {
        self.buttons.push((value.into(), word.into(), class, question.into()));
        self
    }
}

/// A picture: address, where it leads, what it is, the form that takes it away.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Its address.
    pub src: String,
    /// What it is.
    pub words: String,
    /// Takes it away.
    pub remove: Option<FormBox>,
}

/// The page.
#[derive(Template)]
#[template(path = "room.html")]
pub struct Room {
    /// The words.
    pub t: &'static Texts,
    /// What stands around it.
    pub frame: Frame,
    /// Its title.
    pub title: String,
    /// Where it came from: word and address.
    pub back: Option<(String, String)>,
    /// Tabs: word, address, chosen.
    pub tabs: Vec<(String, String, bool)>,
    /// What was done.
    pub done: String,
    /// What was refused.
    pub refusal: Option<Refusal>,
    /// Sentences: class (`ok`, `warn`, `bad`, blank) and text.
    pub notices: Vec<(&'static str, String)>,
    /// Links: word, address.
    pub links: Vec<(String, String)>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Pages of a long table: word, address, the one shown.
    pub pages: Vec<(String, String, bool)>,
    /// Pictures.
    pub pictures: Vec<Picture>,
    /// Forms.
    pub forms: Vec<FormBox>,
    /// Boxes to look for something by: name, label (hidden without one), value.
    pub search: Option<Vec<(&'static str, &'static str, String)>>,
    /// A script of its own.
    pub script: String,
}

impl Room {
    /// An empty page.
    pub fn new(t: &'static Texts, frame: Frame, title: &str) -> Room {
        Room {
            t,
            frame,
            title: title.to_owned(),
            back: None,
            tabs: Vec::new(),
            done: String::new(),
            refusal: None,
            notices: Vec::new(),
            links: Vec::new(),
            tables: Vec::new(),
            pages: Vec::new(),
            pictures: Vec::new(),
            forms: Vec::new(),
            search: None,
            script: String::new(),
        }
    }

    /// As an answer; with a refusal its status.
    pub fn answer(self) -> Result<Response, Trouble> {
        let status = self.refusal.as_ref().map_or(StatusCode::OK, status_of);
        Ok((status, show(&self)?).into_response())
    }
}
