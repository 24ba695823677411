//! Two offices and the model, act by act.

use std::collections::BTreeMap;

use cunzhang::calendar::AccountingPeriod as Period;
use cunzhang::db::Db;
use cunzhang::ledger::books::service::{AddCounty, AddPlaces};
use cunzhang::ledger::books::store::Place;
use cunzhang::office::{Actor, Clock, Ids, Office};

use crate::acts::{Act, Answer};
use crate::director::{BOOKS, Director, Plan};
use crate::model::Model;
use crate::support::{TestDatabase, engines};

pub const COUNTY: &str = "459900";
/// Months played, from the first book's first.
const MONTHS: usize = 29;
/// Everything is looked at after so many steps.
const FULL: usize = 150;

/// One engine's office.
pub struct Side {
    pub database: TestDatabase,
    pub office: Office,
    pub clock: Clock,
    /// Book to (place, digest) of its chain, as recomputed.
    pub chain: BTreeMap<String, (i64, String)>,
}

pub struct Lockstep {
    pub sides: Vec<Side>,
    pub model: Model,
    director: Director,
    steps: usize,
    pub done: BTreeMap<String, usize>,
    pub refused: BTreeMap<String, usize>,
}

fn actor(user: &str) -> Actor {
    Actor { county: COUNTY.into(), user: user.into(), face: "test" }
}

impl Lockstep {
    pub async fn open(seed: u64, steps: usize) -> Lockstep {
        let mut sides = Vec::new();
        for database in engines() {
            let first: Period = BOOKS[0].3.parse().expect("a period");
            let clock = Clock::standing_at(first.first_day());
            let db = Db::open_ready(database.url()).await.expect("a fresh database opens");
            let office = Office::open(db, clock.clone(), Ids::seeded(seed));
            office.perform(&actor("戊"), AddCounty { name: "青禾县".into() }, None).await.expect("the county is new");
            let place = Place {
                place: "459900101201".into(),
                name: "青禾村".into(),
                level: "village".into(),
                parent: None,
                valid_from: "2020-01-01".into(),
                valid_before: None,
                successor: None,
            };
            office.perform(&actor("戊"), AddPlaces { places: vec![place] }, None).await.expect("the place is new");
            sides.push(Side { database, office, clock, chain: BTreeMap::new() });
        }
        let mut model = Model::default();
        model.places.insert("459900101201".into());
        model.acts = 2;
        let (done, refused) = (BTreeMap::new(), BTreeMap::new());
        Lockstep { sides, model, director: Director::new(seed), steps, done, refused }
    }

    pub async fn play(&mut self) {
        let mut months = 0;
        for step in 1..=self.steps {
            while months < step * MONTHS / self.steps {
                self.director.month = self.director.month.next();
                self.sides.iter().for_each(|side| side.clock.set(self.director.month.first_day()));
                months += 1;
            }
            let plan = self.director.next(&self.model);
            self.step(step, plan).await;
            if step % FULL == 0 || step == self.steps {
                self.prove_all(step).await;
            }
        }
        println!("done {:?}\nrefused {:?}", self.done, self.refused);
        for book in self.model.books.values() {
            println!("{} stands at {}", book.code, self.director.stands(book));
        }
    }

    async fn step(&mut self, step: usize, Plan { user, key, act }: Plan) {
        let expected = self.model.perform(&user, key.as_deref(), &act);
        let (somebody, key_text) = (actor(&user), key.as_deref());
        let answers = self.sides.iter().map(|side| act.perform(&side.office, &somebody, key_text));
        for (side, answer) in self.sides.iter().zip(futures_util::future::join_all(answers).await) {
            assert_eq!(
                answer,
                expected,
                "\nstep {step} in {}: {} answered (left), the model (right), to {user} with key {key:?}:\n{}\n{}",
                self.director.month,
                side.database.name(),
                act.request(),
                self.words(&act),
            );
        }
        self.remember(key, &act, &expected);
        let context = format!("after step {step}, {user}: {} → {expected:?}", act.request());
        self.prove_step(&context).await;
    }

    fn remember(&mut self, key: Option<String>, act: &Act, answer: &Answer) {
        let kind = act.request().split(' ').next().unwrap_or_default().to_owned();
        match answer {
            Ok(_) => *self.done.entry(kind).or_default() += 1,
            Err(code) => *self.refused.entry(code.clone()).or_default() += 1,
        }
        if let Some(key) = key.filter(|_| answer.is_ok()) {
            self.director.recent.push((key, act.clone()));
        }
    }

    /// The state of the act's book, for people who repair what failed.
    fn words(&self, act: &Act) -> String {
        let book = Model::book_of(act).and_then(|book| self.model.books.get(&book.0));
        book.map_or_else(String::new, |book| {
            let years = book.years.iter().map(|(year, y)| {
                let open = y.periods.iter().filter(|(_, (closed, _))| !closed).map(|(p, _)| p.to_string());
                format!("{year} {} carried {} open {:?}", y.regime, y.carried, open.collect::<Vec<_>>())
            });
            years.collect::<Vec<_>>().join("\n")
        })
    }
}
