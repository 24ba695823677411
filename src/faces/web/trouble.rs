//! What a person sees when something is refused or fails: what, why, what to do next, and a code to quote (R7).
//!
//! 1. A refusal says its own sentence; a failure says only that it was the machine's, and goes to the log.
//! 2. The answer's status follows from the refusal's code: 403 may not, 404 is not there, 422 cannot be so.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};

use super::frame::Frame;
use super::seat::Seat;
use super::text::{Lang, Texts};
use crate::db::{Failure, Stop};
use crate::faces::http;
use crate::refusal::Refusal;
use crate::refusals;

refusals! {
    /// Why a form cannot be taken.
    pub enum FormRefusal {
        /// The address is not one of ours.
        "W-101" NoSuchPage
            zh "没有这个页面" en "there is no such page" next "从左边的菜单重新进入";
        /// A field cannot be read.
        "W-102" BadField { field: String, text: String }
            zh "“{field}”填的“{text}”看不懂" en "'{text}' cannot be read as {field}" next "按提示的格式更正";
        /// Nothing was chosen.
        "W-103" NothingChosen
            zh "还没有选中任何一行" en "nothing was chosen" next "先勾选,再点按钮";
        /// The word that opens the first start is wrong.
        "W-104" WrongSetupWord
            zh "启动口令不对" en "the start word is wrong" next "照启动程序的窗口里显示的口令输入";
        /// The office is set up already.
        "W-105" AlreadySetUp
            zh "已经建好,不能再次初始化" en "the office is set up already" next "请直接登录";
        /// Too many wrong passwords.
        "W-106" Wait { seconds: i64 }
            zh "密码连续输错,请等 {seconds} 秒" en "too many wrong passwords; wait {seconds} seconds" next "等候后再试,或请管理员重设密码";
        /// Name or password is wrong; it does not say which.
        "W-107" WrongLogin
            zh "登录名或密码不对" en "name or password is wrong" next "检查大小写和输入法后重新输入";
        /// The request could not be taken: too large, cut off, or not a form.
        "W-108" NotTaken
            zh "没有收到完整的内容:文件太大(上限 20 MB)、网络中断,或不是本页发出的" en "the request could not be taken: too large, cut off, or not a form of ours" next "检查文件大小和网络后从本页重新提交";
        /// A program without a token that opens anything.
        "W-109" NotLoggedIn
            zh "没有登录,或接口令牌无效" en "not logged in, or the token opens nothing" next "在“我的账号”里生成令牌,用 Authorization: Bearer 令牌 发送";
    }
}

/// A request that did not end in its page.
#[derive(Debug)]
pub struct Trouble {
    status: StatusCode,
    refusal: Option<Refusal>,
    frame: Option<Box<Frame>>,
    lang: Lang,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page<'a> {
    t: &'static Texts,
    frame: Frame,
    refusal: Option<&'a Refusal>,
    sentence: &'a str,
}

impl Trouble {
    /// With the frame of whoever sits there.
    pub fn of(seat: &Seat, stop: Stop) -> Trouble {
        let mut trouble = Trouble::from(stop);
        trouble.lang = seat.lang;
        trouble.frame = Some(Box::new(Frame::of(seat, seat.t().trouble)));
        trouble
    }

    /// A page that was reached past its guard: our bug.
    pub fn not_guarded() -> Trouble {
        Trouble::from(Failure::Damaged("a page without a guard".to_owned()))
    }

    /// The same for a program.
    pub fn into_problem(self) -> Response {
        match self.refusal {
            Some(refusal) => http::problem(self.status, &refusal, None),
            None => http::problem_of(Stop::Failed(Failure::Stopped)),
        }
    }

    /// The refusal, if it is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }
}

/// 403 for access, 404 for what is not there, else 422.
pub fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal.code.as_str() {
        "L-202" | "L-306" | "O-102" | "O-103" | "L-305" | "W-101" | "B-103" | "Q-303" => StatusCode::NOT_FOUND,
        "W-106" => StatusCode::TOO_MANY_REQUESTS,
        "W-109" => StatusCode::UNAUTHORIZED,
        "N-102" | "N-103" => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Trouble {
        match stop {
            Stop::Refused(refusal) => {
                Trouble { status: status_of(&refusal), refusal: Some(refusal), frame: None, lang: Lang::Zh }
            }
            Stop::Failed(failure) => {
                tracing::error!(%failure, "a request failed");
                Trouble { status: StatusCode::INTERNAL_SERVER_ERROR, refusal: None, frame: None, lang: Lang::Zh }
            }
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::from(Stop::Failed(failure))
    }
}

impl From<FormRefusal> for Trouble {
    fn from(why: FormRefusal) -> Trouble {
        Trouble::from(Stop::from(why))
    }
}

impl From<askama::Error> for Trouble {
    fn from(cause: askama::Error) -> Trouble {
        Trouble::from(Failure::Damaged(cause.to_string()))
    }
}

impl From<crate::access::AccessRefusal> for Trouble {
    fn from(why: crate::access::AccessRefusal) -> Trouble {
        Trouble::from(Stop::from(why))
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let t = self.lang.texts();
        let frame = self.frame.map_or_else(|| Frame::outside(t, t.trouble), |frame| *frame);
        let sentence = self.refusal.as_ref().map_or(t.machine_failed, |why| t.sentence(why));
        let page = Page { t, frame, refusal: self.refusal.as_ref(), sentence };
        let html = page.render().unwrap_or_else(|_| t.machine_failed.to_owned());
        (self.status, Html(html)).into_response()
    }
}

/// An answer of the layers in words: what a form or a limit turned away without a page becomes one.
pub async fn in_words(response: Response) -> Response {
    let bare = response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !bare || !response.status().is_client_error() {
        return response;
    }
    let mut worded = Trouble::from(FormRefusal::NotTaken).into_response();
    *worded.status_mut() = response.status();
    worded
}

/// A page's answer.
pub type Answer = Result<Html<String>, Trouble>;

/// Renders a page.
pub fn show(page: &impl Template) -> Answer {
    Ok(Html(page.render()?))
}
