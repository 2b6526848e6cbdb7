// SPDX-License-Identifier: GPL-3.0-only
//! Every page and action of the desk with what it needs, in one list. What is not on it cannot be reached: the router
//! is made of it.

use super::login::Officer;
use super::rights::Right;
use super::{
    Desk, actions, alarms, appointments, asset, books, call, care, complaints, documents, duty, finance,
    goods, ledger, lists, live, login, office, parked, policy, public_notices, requests, rota, second, shop,
    tasks, terminals, users,
};
use crate::Fault;
use crate::fault::chain;
use crate::tables::audit as rows;
use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use contract::CallId;
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
    /// Signed in with the window of an office: a bearer token, and no cookie.
    Window(Right),
}

/// One way to reach something.
pub(super) struct Route {
    #[cfg_attr(not(test), expect(dead_code, reason = "the handler knows it; the tests walk the list"))]
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) need: Need,
    /// Who has this right is shown personal data here: each look is in the audit.
    shows: Option<Right>,
    handler: MethodRouter<Arc<Desk>>,
}

/// All of them.
pub(super) fn all() -> Vec<Route> {
    use Need::{Half, May, Nothing, SignedIn, Window};
    let see = |path, need, handler| Route { method: Method::GET, path, need, shows: None, handler };
    let look = |path, right, handler| Route { shows: Some(right), ..see(path, May(right), handler) };
    let act = |path, need, handler| Route { method: Method::POST, path, need, shows: None, handler };
    vec![
        Route { shows: Some(Right::SeeRollCalls), ..see("/", SignedIn, get(live::page)) },
        act("/tasks/done", SignedIn, post(tasks::done)),
        act("/roll-calls", May(Right::StartRollCall), post(actions::start)),
        look("/roll-calls/{terminal}/{call}", Right::SeeRollCalls, get(call::page)),
        act("/roll-calls/{terminal}/{call}/cancel", May(Right::StartRollCall), post(actions::cancel)),
        look("/results.json", Right::SeeRollCalls, get(call::results)),
        see("/alarms", May(Right::SeeAlarms), get(alarms::page)),
        act("/alarms", May(Right::AnswerAlarm), post(alarms::act)),
        see("/requests", May(Right::SeeAlarms), get(requests::page)),
        act("/requests", May(Right::AnswerRequest), post(requests::answer)),
        see("/history", May(Right::SeeRollCalls), get(lists::history)),
        see("/notices", May(Right::SeeNotices), get(lists::notices)),
        act("/notices/seen", May(Right::AnswerNotice), post(actions::see)),
        see("/parked", May(Right::SeeParked), get(parked::page)),
        act("/parked/replay", May(Right::ReplayParked), post(parked::replay)),
        see("/terminals", May(Right::SeeTerminals), get(terminals::page)),
        act("/terminals/code", May(Right::ManageTerminals), post(actions::code)),
        act("/terminals/revoke", May(Right::ManageTerminals), post(actions::revoke)),
        see("/policy/{terminal}", May(Right::SeeTerminals), get(policy::page)),
        act("/policy/{terminal}", May(Right::EditPolicy), post(policy::set)),
        look("/audit", Right::SeeAudit, get(lists::audit)),
        look("/ledger", Right::SeeAudit, get(ledger::page)),
        see("/ledger.csv", May(Right::ExportLedger), get(ledger::csv)),
        see("/ledger.json", May(Right::ExportLedger), get(ledger::json)),
        look("/shop", Right::RunShop, get(shop::page)),
        act("/shop", May(Right::RunShop), post(shop::act)),
        look("/picks", Right::RunShop, get(shop::picks)),
        see("/goods", May(Right::RunShop), get(goods::page)),
        act("/goods", May(Right::RunShop), post(goods::put)),
        act("/goods/withdraw", May(Right::RunShop), post(goods::withdraw)),
        look("/accounts", Right::KeepAccounts, get(finance::list)),
        look("/accounts/{detainee}", Right::KeepAccounts, get(finance::account)),
        act("/accounts/{detainee}", May(Right::KeepAccounts), post(finance::act)),
        see("/accounts/{detainee}/statement.json", May(Right::KeepAccounts), get(finance::json)),
        see("/accounts/{detainee}/statement.pdf", May(Right::KeepAccounts), get(finance::pdf)),
        act("/objections", May(Right::KeepAccounts), post(finance::answer)),
        look("/books", Right::KeepAccounts, get(books::page)),
        look("/adjustments", Right::DecideAdjustment, get(books::adjustments)),
        act("/adjustments", May(Right::DecideAdjustment), post(books::decide)),
        see("/users", May(Right::ManageUsers), get(users::page)),
        act("/users", May(Right::ManageUsers), post(users::add)),
        act("/users/password", May(Right::ManageUsers), post(users::password)),
        act("/users/totp", May(Right::ManageUsers), post(users::reset)),
        see("/duty", May(Right::SeeDuty), get(duty::cells)),
        look("/duty/{terminal}", Right::SeeDuty, get(duty::page)),
        act("/duty/{terminal}/answer", May(Right::AnswerDuty), post(duty::answer)),
        act("/duty/{terminal}/day", May(Right::EditRota), post(rota::day)),
        act("/duty/{terminal}/week", May(Right::EditRota), post(rota::week)),
        look("/care", Right::SeeCare, get(care::page)),
        look("/appointments", Right::Appointments, get(appointments::page)),
        act("/appointments", May(Right::Appointments), post(appointments::answer)),
        look("/documents", Right::Documents, get(documents::list)),
        act("/documents", May(Right::Documents), documents::long_form(post(documents::ask))),
        look("/documents/{key}", Right::Documents, get(documents::page)),
        act("/documents/{key}", May(Right::Documents), documents::long_form(post(documents::act))),
        see("/documents/{key}/paper.pdf", May(Right::Documents), get(documents::pdf)),
        see("/public-notices", May(Right::PostNotices), get(public_notices::page)),
        act("/public-notices", May(Right::PostNotices), documents::long_form(post(public_notices::post))),
        act("/public-notices/down", May(Right::PostNotices), post(public_notices::take_down)),
        see("/complaints", May(Right::SeeComplaints), get(complaints::page)),
        see("/complaints.csv", May(Right::SeeComplaints), get(complaints::csv)),
        see("/figures", May(Right::SeeFigures), get(complaints::figures)),
        act("/office/v1/login", Nothing, post(office::sign_in)),
        act("/office/v1/logout", Window(Right::Window), post(office::sign_out)),
        see("/office/v1/care", Window(Right::Clinic), get(office::care)),
        Route {
            method: Method::PUT,
            ..act("/office/v1/keys", Window(Right::Window), axum::routing::put(office::keys))
        },
        act("/office/v1/care/letters", Window(Right::Clinic), post(office::letter)),
        act("/office/v1/care/notices", Window(Right::Clinic), post(office::notice)),
        see("/office/v1/complaints", Window(Right::Complaints), get(office::complaints)),
        act("/office/v1/complaints/words", Window(Right::Complaints), post(office::word)),
        see("/login", Nothing, get(login::page)),
        act("/login", Nothing, post(login::sign_in)),
        see("/login/code", Half, get(second::code_page)),
        act("/login/code", Half, post(second::code)),
        see("/login/enrol", Half, get(second::enrol_page)),
        act("/login/enrol", Half, post(second::enrol)),
        act("/logout", SignedIn, post(login::sign_out)),
        see("/desk.css", Nothing, get(|| asset("text/css; charset=utf-8", include_str!("desk.css")))),
        see("/desk.svg", Nothing, get(|| asset("image/svg+xml", include_str!("desk.svg")))),
        see(
            "/alarms.js",
            Nothing,
            get(|| asset("text/javascript; charset=utf-8", include_str!("alarms.js"))),
        ),
        see("/desk.js", Nothing, get(|| asset("text/javascript; charset=utf-8", include_str!("desk.js")))),
    ]
}

/// The router, each route behind its need.
pub(super) fn router(desk: &Arc<Desk>) -> Router<Arc<Desk>> {
    all().into_iter().fold(Router::new(), |router, route| {
        let gate = Gate { desk: Arc::clone(desk), need: route.need, shows: route.shows };
        let guarded = middleware::from_fn_with_state(gate, guard);
        router.route(route.path, route.handler.route_layer(guarded))
    })
}

/// What stands before a route.
#[derive(Clone)]
struct Gate {
    desk: Arc<Desk>,
    need: Need,
    shows: Option<Right>,
}

/// Lets pass who has what the route needs; the handler finds there who it is.
async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let right = match gate.need {
        // `login::Half` sees to the second.
        Need::Nothing | Need::Half => return next.run(request).await,
        Need::SignedIn => None,
        Need::May(right) => Some(right),
        Need::Window(right) => return office::guard(&gate.desk, right, request, next).await,
    };
    let (mut parts, body) = request.into_parts();
    let officer = match Officer::at(&parts, &gate.desk).await {
        Ok(officer) => officer,
        Err(wrong) => return wrong.into_response(),
    };
    if right.is_some_and(|right| !officer.may(right)) {
        return super::Wrong::Forbidden.into_response();
    }
    let looked = gate.shows.is_some_and(|right| officer.may(right)) && !login::by_itself(&parts.uri);
    let seen = looked.then(|| (officer.name.clone(), parts.uri.path().to_owned()));
    parts.extensions.insert(officer);
    let response = next.run(Request::from_parts(parts, body)).await;
    if let Some((name, path)) = seen.filter(|_| response.status().is_success()) {
        // A page is shown all the same: an officer must see who is in a cell.
        if let Err(fault) = look(&gate.desk, &name, &path).await {
            tracing::error!(inside = chain(&fault), "a look at a page is not in the audit");
        }
    }
    response
}

async fn look(desk: &Desk, name: &str, path: &str) -> Result<(), Fault> {
    let thing = path.rsplit('/').next().filter(|last| last.parse::<CallId>().is_ok());
    let mut write = desk.core.tables.write().await?;
    rows::append(&mut write, name, "view", thing.unwrap_or(path), desk.core.clock.now_ms()).await?;
    write.commit().await?;
    Ok(())
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
