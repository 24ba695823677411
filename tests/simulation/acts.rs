//! The acts of the simulation: the program's own requests, performed through the one corridor.

use cunzhang::access::service::AddUser;
use cunzhang::controls::period_close::service::{ClosePeriod, ReopenPeriod, TransferProfitAndLoss};
use cunzhang::controls::year_close::service::{CloseYear, OpenYear};
use cunzhang::db::Stop;
use cunzhang::ledger::attachments::service::AttachFile;
use cunzhang::ledger::books::service::{AddAccounts, AddBook, AddMembers, PostOpening, StopAccount};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{ChangeDraft, CopyVoucher, KeepDrafts, MoveVouchers, ReverseVoucher};
use cunzhang::office::{self, Actor, Office};

/// What was answered, or the code of the refusal.
pub type Answer = Result<serde_json::Value, String>;

macro_rules! acts {
    ($($name:ident),+ $(,)?) => {
        /// An act of any kind.
        #[derive(Debug, Clone)]
        pub enum Act { $($name($name)),+ }

        $(impl From<$name> for Act {
            fn from(act: $name) -> Act { Act::$name(act) }
        })+

        impl Act {
            /// Performs the act in an office. A failure of the machine ends the simulation.
            pub async fn perform(&self, office: &Office, actor: &Actor, key: Option<&str>) -> Answer {
                match self { $(Act::$name(act) => said(office.perform(actor, act.clone(), key).await, self)),+ }
            }

            /// The request as text: kind and content.
            pub fn request(&self) -> String {
                match self {
                    $(Act::$name(act) => format!("{} {}", <$name as office::Act>::KIND,
                        serde_json::to_string(act).expect("acts are plain data"))),+
                }
            }
        }
    };
}

acts!(
    AddUser,
    AddBook,
    AddAccounts,
    StopAccount,
    AddMembers,
    PostOpening,
    KeepDrafts,
    MoveVouchers,
    ChangeDraft,
    ReverseVoucher,
    CopyVoucher,
    AttachFile,
    PostVouchers,
    ClosePeriod,
    ReopenPeriod,
    TransferProfitAndLoss,
    OpenYear,
    CloseYear,
);

fn said<T: serde::Serialize>(answer: Result<T, Stop>, act: &Act) -> Answer {
    match answer {
        Ok(answer) => Ok(without_words(serde_json::to_value(answer).expect("answers are plain data"))),
        Err(Stop::Refused(refusal)) => Err(refusal.code),
        Err(Stop::Failed(failure)) => panic!("the machine failed: {failure}\nat {}", act.request()),
    }
}

/// A close names what it warned of; the model knows which checks and how many findings, not the words.
fn without_words(mut answer: serde_json::Value) -> serde_json::Value {
    for item in answer.get_mut("warnings").and_then(|w| w.as_array_mut()).into_iter().flatten() {
        let found = item["findings"].as_array().map_or(0, Vec::len);
        *item = serde_json::json!([item["check"], found]);
    }
    answer
}
