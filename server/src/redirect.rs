//! Plain requests are sent on to the https address (ASVS 12.2). Nothing else is served here.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// Answers every request with the same path and query at `origin`.
pub fn router(origin: String) -> Router {
    Router::new().fallback(move |uri: Uri| {
        let origin = origin.clone();
        async move { elsewhere(&origin, &uri) }
    })
}

fn elsewhere(origin: &str, uri: &Uri) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    // `OPTIONS *` and its like name no path.
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
            let response = elsewhere("https://messages.example.org", &uri.parse().unwrap());
            assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT);
            response.headers()[header::LOCATION].to_str().unwrap().to_owned()
        };
        assert_eq!(place("/a/b?c=d&e"), "https://messages.example.org/a/b?c=d&e");
        assert_eq!(place("http://elsewhere.example/x"), "https://messages.example.org/x");
        assert_eq!(place("//elsewhere.example"), "https://messages.example.org//elsewhere.example");
        assert_eq!(place("*"), "https://messages.example.org/");
    }
}
