// SPDX-License-Identifier: GPL-3.0-only
//! Every page and action of the desk with what it needs, in one list. What is not on it cannot be reached: the router
//! is made of it.

use super::login::Officer;
use super::rights::Right;
use super::{Desk, actions, asset, call, lists, live, login, parked, second, terminals, users};
use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use std::sync::Arc;

/// What someone must be to reach a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Anyone at all.
    Nothing,
    /// The password was right; the second step is missing.
    Half,
    /// Signed in, of whatever post.
    SignedIn,
    May(Right),
}

/// One way to reach something.
pub(super) struct Route {
    #[cfg_attr(not(test), expect(dead_code, reason = "the handler knows it; the tests walk the list"))]
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) need: Need,
    handler: MethodRouter<Arc<Desk>>,
}

/// All of them.
pub(super) fn all() -> Vec<Route> {
    use Need::{Half, May, Nothing, SignedIn};
    let see = |path, need, handler| Route { method: Method::GET, path, need, handler };
    let act = |path, need, handler| Route { method: Method::POST, path, need, handler };
    vec![
        see("/", SignedIn, get(live::page)),
        act("/roll-calls", May(Right::StartRollCall), post(actions::start)),
        see("/roll-calls/{terminal}/{call}", May(Right::SeeRollCalls), get(call::page)),
        act("/roll-calls/{terminal}/{call}/cancel", May(Right::StartRollCall), post(actions::cancel)),
        see("/results.json", May(Right::SeeRollCalls), get(call::results)),
        see("/history", May(Right::SeeRollCalls), get(lists::history)),
        see("/notices", May(Right::SeeNotices), get(lists::notices)),
        act("/notices/seen", May(Right::AnswerNotice), post(actions::see)),
        see("/parked", May(Right::SeeParked), get(parked::page)),
        act("/parked/replay", May(Right::ReplayParked), post(parked::replay)),
        see("/terminals", May(Right::SeeTerminals), get(terminals::page)),
        act("/terminals/code", May(Right::ManageTerminals), post(actions::code)),
        act("/terminals/revoke", May(Right::ManageTerminals), post(actions::revoke)),
        act("/terminals/policy", May(Right::EditPolicy), post(actions::policy)),
        see("/audit", May(Right::SeeAudit), get(lists::audit)),
        see("/users", May(Right::ManageUsers), get(users::page)),
        act("/users", May(Right::ManageUsers), post(users::add)),
        act("/users/password", May(Right::ManageUsers), post(users::password)),
        act("/users/totp", May(Right::ManageUsers), post(users::reset)),
        see("/login", Nothing, get(login::page)),
        act("/login", Nothing, post(login::sign_in)),
        see("/login/code", Half, get(second::code_page)),
        act("/login/code", Half, post(second::code)),
        see("/login/enrol", Half, get(second::enrol_page)),
        act("/login/enrol", Half, post(second::enrol)),
        act("/logout", SignedIn, post(login::sign_out)),
        see("/desk.css", Nothing, get(|| asset("text/css; charset=utf-8", include_str!("desk.css")))),
        see("/desk.svg", Nothing, get(|| asset("image/svg+xml", include_str!("desk.svg")))),
        see("/desk.js", Nothing, get(|| asset("text/javascript; charset=utf-8", include_str!("desk.js")))),
    ]
}

/// The router, each route behind its need.
pub(super) fn router(desk: &Arc<Desk>) -> Router<Arc<Desk>> {
    all().into_iter().fold(Router::new(), |router, route| {
        let guarded = middleware::from_fn_with_state((Arc::clone(desk), route.need), guard);
        router.route(route.path, route.handler.route_layer(guarded))
    })
}

/// Lets pass who has what the route needs; the handler finds there who it is.
async fn guard(State((desk, need)): State<(Arc<Desk>, Need)>, request: Request, next: Next) -> Response {
    let right = match need {
        // `login::Half` sees to the second.
        Need::Nothing | Need::Half => return next.run(request).await,
        Need::SignedIn => None,
        Need::May(right) => Some(right),
    };
    let (mut parts, body) = request.into_parts();
    let officer = match Officer::at(&parts, &desk).await {
        Ok(officer) => officer,
        Err(wrong) => return wrong.into_response(),
    };
    if right.is_some_and(|right| !officer.may(right)) {
        return super::Wrong::Forbidden.into_response();
    }
    parts.extensions.insert(officer);
    next.run(Request::from_parts(parts, body)).await
}

/// Only behind [`guard`], which knows who it is.
impl<S: Send + Sync> FromRequestParts<S> for Officer {
    type Rejection = super::Wrong;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or(super::Wrong::SignedOut)
    }
}
