//! Router: finds the page of an address.

use std::borrow::Cow;
use std::sync::Arc;

use leptos_router::{
    ChooseView, GeneratedRouteData, MatchInterface, MatchNestedRoutes, MatchParams, RouteMatchId,
};

use super::lazy_page::Page;
use super::pages::PAGES;

type Params = Vec<(Cow<'static, str>, String)>;

/// Returns the page of an address with its parameters. The first match is taken.
pub fn find(path: &str) -> Option<(usize, Params)> {
    PAGES.iter().enumerate().find_map(|(index, page)| Some((index, params(page.path, path)?)))
}

/// Returns the parameters of a pattern, if the path matches it.
fn params(pattern: &'static str, path: &str) -> Option<Params> {
    let mut found = Vec::new();
    let mut segments = path.trim_matches('/').split('/');
    for part in pattern.trim_matches('/').split('/') {
        let segment = segments.next()?;
        match part.strip_prefix(':') {
            Some(name) if !segment.is_empty() => found.push((name.into(), segment.to_owned())),
            None if part == segment => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(found)
}

/// All pages, as the router expects them.
#[derive(Clone)]
pub struct Routes {
    /// One id per page, in the same order.
    ids: Arc<[RouteMatchId]>,
}

impl Routes {
    /// Assigns an id to each page.
    pub fn new() -> Self {
        Self { ids: PAGES.iter().map(|_| RouteMatchId::new_from_route_id()).collect() }
    }
}

impl MatchNestedRoutes for Routes {
    type Data = ();
    type Match = MatchedPage;

    fn match_nested<'a>(&'a self, path: &'a str) -> (Option<(RouteMatchId, MatchedPage)>, &'a str) {
        match find(path) {
            Some((index, params)) => {
                let id = self.ids[index];
                (Some((id, MatchedPage { id, page: PAGES[index], params })), "")
            }
            None => (None, path),
        }
    }

    fn generate_routes(&self) -> impl IntoIterator<Item = GeneratedRouteData> {
        // Only a server that renders pages asks for them.
        []
    }

    fn optional(&self) -> bool {
        false
    }
}

/// A page with the parameters of its address.
pub struct MatchedPage {
    id: RouteMatchId,
    page: Page,
    params: Params,
}

impl MatchParams for MatchedPage {
    fn to_params(&self) -> Params {
        self.params.clone()
    }
}

impl MatchInterface for MatchedPage {
    /// Pages are not nested.
    type Child = Self;

    fn as_id(&self) -> RouteMatchId {
        self.id
    }

    fn as_matched(&self) -> &str {
        self.page.path
    }

    fn into_view_and_child(self) -> (impl ChooseView, Option<Self>) {
        (self.page, None)
    }
}

#[cfg(test)]
mod tests {
    use super::{find, params};
    use crate::app::pages::PAGES;

    fn page_of(path: &str) -> Option<&'static str> {
        find(path).map(|(index, _)| PAGES[index].path)
    }

    #[test]
    fn a_parameter_matches_one_segment() {
        assert_eq!(params("/jobs/:id", "/jobs/17"), Some(vec![("id".into(), "17".to_owned())]));
        assert_eq!(params("/jobs/:id", "/jobs/17/edit"), None);
        assert_eq!(params("/jobs/:id", "/jobs/"), None);
    }

    #[test]
    fn the_root_and_a_trailing_slash_match() {
        assert_eq!(page_of("/"), Some("/"));
        assert_eq!(page_of("/jobs/"), Some("/jobs"));
        assert_eq!(page_of("/nowhere"), None);
    }

    #[test]
    fn every_page_is_reachable() {
        for page in PAGES {
            assert_eq!(
                page_of(&page.path.replace(':', "")),
                Some(page.path),
                "hidden by one before it"
            );
        }
    }
}
