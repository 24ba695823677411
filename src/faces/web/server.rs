//! The server: the route table behind its layers, the files of the pages, the start and the end.
//!
//! 1. Requests from another site never reach a form; pages load nothing from another host.
//! 2. Bodies are limited, requests end in time, a panic answers 500 and harms nobody else.
//! 3. Style and scripts are part of the program; their address changes with their content, so they are kept for a year.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum_login::AuthManagerLayerBuilder;
use sha2::{Digest, Sha256};
use time::Duration as Span;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_sessions::{Expiry, SessionManagerLayer};

use super::routes;
use super::seat::Web;
use super::sessions::{Doorkeeper, Sessions};
use super::trouble::{FormRefusal, Trouble, in_words};
use crate::db::Failure;
use crate::faces::http;

/// The files of the pages: (name, media type, content).
const ASSETS: [(&str, &str, &str); 6] = [
    ("office.css", "text/css; charset=utf-8", include_str!("static/office.css")),
    ("office.js", "text/javascript; charset=utf-8", include_str!("static/office.js")),
    ("grid.js", "text/javascript; charset=utf-8", include_str!("static/grid.js")),
    ("public.css", "text/css; charset=utf-8", include_str!("static/public.css")),
    ("claim.js", "text/javascript; charset=utf-8", include_str!("static/claim.js")),
    ("matcher.js", "text/javascript; charset=utf-8", include_str!("static/matcher.js")),
];

/// Everything a page may load comes from here, or was made by the page itself (photographs being shrunk); nothing may frame it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Bodies larger than this are refused before they are read.
const LARGEST_BODY: usize = 20 * 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(60);
/// A session ends this long after the last thing it kept: the login, or a change of its own password.
const SESSION: Span = Span::hours(12);

/// The address of a file of the pages.
pub fn asset(name: &str) -> String {
    let content = ASSETS.iter().find(|(known, ..)| *known == name).map_or("", |(.., content)| content);
    let digest = hex::encode(&Sha256::digest(content)[..6]);
    format!("/static/{digest}/{name}")
}

/// No page: in words for people, as a problem for programs.
async fn nowhere(uri: Uri) -> Response {
    let trouble = Trouble::from(FormRefusal::NoSuchPage);
    if uri.path().starts_with(http::ROOT) { trouble.into_problem() } else { trouble.into_response() }
}

async fn file(Path((_, name)): Path<(String, String)>) -> Response {
    match ASSETS.iter().find(|(known, ..)| *known == name) {
        Some((_, media, content)) => {
            let kept = [(CONTENT_TYPE, *media), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
            (kept, *content).into_response()
        }
        None => Trouble::from(FormRefusal::NoSuchPage).into_response(),
    }
}

/// All pages with their guards and layers.
pub fn app(web: Arc<Web>) -> Router {
    let sessions = SessionManagerLayer::new(Sessions(web.clone()))
        .with_name("cunzhang")
        .with_http_only(true)
        .with_same_site(tower_sessions::cookie::SameSite::Lax)
        .with_secure(web.https) // the office's own network speaks plain http
        .with_expiry(Expiry::OnInactivity(SESSION));
    let auth = AuthManagerLayerBuilder::new(Doorkeeper(web.clone()), sessions).build();
    let header =
        |name: HeaderName, value: &'static str| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    routes::router(&web)
        .layer(auth)
        .route("/static/{digest}/{name}", axum::routing::get(file))
        .fallback(nowhere)
        .layer(CsrfLayer::new())
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(DefaultBodyLimit::disable())
        .layer(map_response(in_words))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LONGEST))
        .layer(header(CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(X_FRAME_OPTIONS, "DENY"))
        .layer(header(REFERRER_POLICY, "same-origin"))
        .layer(header(CACHE_CONTROL, "no-store"))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
}

/// Why the server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The process was told to stop.
    Told,
    /// A prepared backup shall take the place of the books.
    Restoring,
}

/// How long requests in hand may take to end before a backup is put back.
const LAST_REQUESTS: Duration = Duration::from_secs(20);

/// Serves until the process is told to stop, or a backup shall be put back; requests in hand end first.
pub async fn serve(web: Arc<Web>, listener: tokio::net::TcpListener) -> Result<Ended, Failure> {
    let failed = |cause| Failure::File { path: "listen".to_owned(), cause };
    let (end, told) = tokio::sync::oneshot::channel::<()>();
    let service = app(Arc::clone(&web)).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async {
        let _ = told.await; // whoever would tell is gone: it ends as well
    });
    let mut serving = std::pin::pin!(serving.into_future());
    let ended = tokio::select! {
        ended = &mut serving => return ended.map(|()| Ended::Told).map_err(failed),
        _ = tokio::signal::ctrl_c() => Ended::Told, // without signals the process is ended from outside
        () = web.restoring.notified() => Ended::Restoring,
    };
    let _ = end.send(()); // it listens until it ends
    match ended {
        Ended::Told => serving.await.map_err(failed)?,
        Ended::Restoring => drop(tokio::time::timeout(LAST_REQUESTS, serving).await),
    }
    Ok(ended)
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_change_with_content() {
        let css = super::asset("office.css");
        assert!(css.starts_with("/static/") && css.ends_with("/office.css"), "{css}");
        assert_ne!(css.split('/').nth(2), super::asset("office.js").split('/').nth(2));
    }

    #[test]
    fn nothing_comes_from_another_host() {
        for (name, _, content) in super::ASSETS {
            for outside in ["http://", "https://", "@import", "//cdn"] {
                assert!(!content.contains(outside), "{name} has {outside}");
            }
        }
    }
}
