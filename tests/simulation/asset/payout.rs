//! Batches of the naive model.

use super::acts::{Act, Answer};
use super::model::{Model, no};

#[derive(Debug, Clone)]
pub struct Row {
    pub party: String,
    pub fen: i64,
    pub state: &'static str,
}

#[derive(Debug, Clone)]
pub struct Batch {
    pub book: String,
    pub passes: bool,
    pub source: Option<String>,
    pub state: &'static str,
    pub by: String,
    pub funded: bool,
    pub attempt: i64,
    pub rows: Vec<Row>,
}

impl Batch {
    pub fn is_live(&self) -> bool {
        self.state != "dropped"
    }

    pub fn held_for(&self, party: &str) -> i64 {
        self.rows.iter().filter(|row| row.party == party).map(|row| row.fen).sum()
    }
}

impl Model {
    /// Draws a list up.
    pub fn draw_up(
        &mut self,
        user: &str,
        code: &str,
        (book, source): (&str, Option<String>),
        rows: Vec<(String, i64)>,
    ) -> Answer {
        if rows.is_empty() {
            return no("Y-103");
        }
        if self.batches.contains_key(code) {
            return no("Y-201");
        }
        if source.as_ref().is_some_and(|source| self.paying(source).is_some()) {
            return no("Y-202");
        }
        let answer = format!("{} {}", rows.len(), rows.iter().map(|row| row.1).sum::<i64>());
        let rows = rows.into_iter().map(|(party, fen)| Row { party, fen, state: "waiting" }).collect();
        let (book, by, passes) = (book.to_owned(), user.to_owned(), source.is_none());
        let batch = Batch { book, passes, source, state: "drawn_up", by, funded: false, attempt: 0, rows };
        self.batches.insert(code.to_owned(), batch);
        Ok(answer)
    }

    fn at(&mut self, code: &str, states: &[&str]) -> Result<&mut Batch, String> {
        match self.batches.get_mut(code) {
            None => no("Y-301"),
            Some(batch) if states.contains(&batch.state) => Ok(batch),
            Some(_) => no("Y-203"),
        }
    }

    pub fn on_batch(&mut self, user: &str, act: Act) -> Answer {
        let nothing = Ok(String::new());
        match act {
            Act::DrawUp { batch, rows, stated, .. } => {
                let mut parties: Vec<&String> = rows.iter().map(|row| &row.0).collect();
                parties.sort();
                let twice = parties.windows(2).any(|pair| pair[0] == pair[1]);
                let wrong = twice || rows.iter().any(|row| row.1 <= 0) || rows.iter().map(|row| row.1).sum::<i64>() != stated;
                if wrong && !rows.is_empty() && !self.batches.contains_key(&batch) {
                    return no("Y-101");
                }
                self.draw_up(user, &batch, ("V001", None), rows)
            }
            Act::Fund { batch, .. } => {
                let batch = self.at(&batch, &["drawn_up", "reviewed"])?;
                match batch {
                    batch if !batch.passes => no("Y-209"),
                    batch if batch.funded => no("Y-208"),
                    batch => {
                        batch.funded = true;
                        nothing
                    }
                }
            }
            Act::Review { batch, .. } => {
                let batch = self.at(&batch, &["drawn_up"])?;
                if batch.by == user {
                    return no("Y-204");
                }
                batch.state = "reviewed";
                nothing
            }
            Act::Drop { batch, .. } => {
                let batch = self.at(&batch, &["drawn_up", "reviewed"])?;
                if batch.funded {
                    return no("Y-203");
                }
                batch.state = "dropped";
                nothing
            }
            Act::Correct { batch, row, .. } => {
                let batch = self.at(&batch, &["sent"])?;
                match batch.rows.get_mut((row - 1).max(0) as usize) {
                    Some(row) if ["returned", "corrected"].contains(&row.state) => row.state = "corrected",
                    _ => return no("Y-207"),
                }
                nothing
            }
            Act::Send { batch, .. } => self.send(&batch),
            Act::Results { batch, back, .. } => self.results(&batch, &back),
            other => unreachable!("{other:?} is not of batches"),
        }
    }

    fn send(&mut self, code: &str) -> Answer {
        let batch = self.at(code, &["reviewed", "sent"])?;
        if batch.passes && !batch.funded {
            return no("Y-205");
        }
        let (mut rows, mut fen) = (0, 0);
        for row in batch.rows.iter_mut().filter(|row| ["waiting", "corrected"].contains(&row.state)) {
            (row.state, rows, fen) = ("sent", rows + 1, fen + row.fen);
        }
        if rows == 0 {
            return no("Y-206");
        }
        (batch.state, batch.attempt) = ("sent", batch.attempt + 1);
        Ok(format!("{} {rows} {fen}", batch.attempt))
    }

    fn results(&mut self, code: &str, back: &[i64]) -> Answer {
        let batch = self.at(code, &["sent"])?;
        let is_sent = |row: &i64| batch.rows.get((row - 1).max(0) as usize).is_some_and(|row| row.state == "sent");
        if !back.iter().all(is_sent) {
            return no("Y-302");
        }
        let (mut paid, mut returned) = (0, 0);
        for (at, row) in (1..).zip(batch.rows.iter_mut()).filter(|(_, row)| row.state == "sent") {
            let failed = back.contains(&at);
            row.state = if failed { "returned" } else { "paid" };
            *(if failed { &mut returned } else { &mut paid }) += row.fen;
        }
        let settled = batch.rows.iter().all(|row| row.state == "paid");
        if settled {
            batch.state = "settled";
        }
        Ok(format!("{paid} {returned} {settled}"))
    }
}
