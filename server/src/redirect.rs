//! Plain requests for pages are sent on to the https address (ASVS 12.2). Nothing else is served
//! here: a program that asks in the clear is to fail, not to be helped on after its secrets have
//! crossed the network (ASVS 4.1.2).

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};

use crate::router::without_guessing;

/// Answers a request for a page with the same path and query at `origin`.
pub fn router(origin: String) -> Router {
    Router::new()
        .fallback(move |method: Method, uri: Uri| {
            let origin = origin.clone();
            async move { elsewhere(&origin, &method, &uri) }
        })
        .layer(middleware::map_response(without_guessing))
}

fn elsewhere(origin: &str, method: &Method, uri: &Uri) -> Response {
    if uri.path() == "/api" || uri.path().starts_with("/api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        let allowed = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, allowed).into_response();
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    // A target that is no path is not sent on as one.
    let path = if path.starts_with('/') { path } else { "/" };
    match HeaderValue::from_str(&format!("{origin}{path}")) {
        Ok(place) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_and_the_query_are_kept_and_the_host_is_ours() {
        let place = |uri: &str| {
            let response =
                elsewhere("https://messages.example.org", &Method::GET, &uri.parse().unwrap());
            assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT);
            response.headers()[header::LOCATION].to_str().unwrap().to_owned()
        };
        assert_eq!(place("/a/b?c=d&e"), "https://messages.example.org/a/b?c=d&e");
        assert_eq!(place("http://elsewhere.example/x"), "https://messages.example.org/x");
        assert_eq!(place("//elsewhere.example"), "https://messages.example.org//elsewhere.example");
        assert_eq!(place("*"), "https://messages.example.org/");
    }
}
