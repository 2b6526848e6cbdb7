// SPDX-License-Identifier: GPL-3.0-only
//! Every route with every post, against the matrix; what each post finds on its first page.

use super::*;
use crate::desk::rights::Right;
use crate::desk::routes::{self, Need, Route};
use contract::Post;
use reqwest::Method;

on_both! {
    every_route_answers_every_post_as_the_matrix_says,
    nobody_is_led_to_a_page_that_is_not_theirs,
    it_answers_what_ails_a_terminal_and_no_alarm,
}

/// The address of a route in this world.
fn address(route: &Route, world: &World, call: CallId) -> String {
    route.path.replace("{terminal}", &world.terminal().to_string()).replace("{call}", &call.to_string())
}

/// A browser in which somebody of this post is signed in.
async fn of(world: &World, post: Post) -> Browser {
    world.running.platform.put_desk_user(post.name(), post, "long enough").await.unwrap();
    let mut browser = Browser::new(world);
    let page = browser.sign_in(post.name(), "long enough").await;
    assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/"), "{post:?}");
    browser
}

async fn every_route_answers_every_post_as_the_matrix_says(on: On) {
    let world = World::new(on).await;
    let call = call_of(&world).await;
    for post in Post::ALL {
        let mut browser = of(&world, post).await;
        let token = token_of(&browser.get("/").await.text);
        for route in routes::all().iter().filter(|route| route.path != "/logout") {
            let path = address(route, &world, call);
            let page = match route.method {
                Method::GET => browser.clone().get(&path).await,
                Method::PUT => browser.clone().put(&path).await,
                _ => browser.clone().post(&path, &[("csrf", &token)]).await,
            };
            let may = match route.need {
                Need::Nothing => continue,
                Need::Half => {
                    assert_eq!(page.location, "/login", "{post:?} {path}: the second step was not due");
                    continue;
                }
                Need::SignedIn => true,
                Need::May(right) => right.is_of(post),
                Need::Window(_) => {
                    assert_eq!(
                        page.status,
                        StatusCode::UNAUTHORIZED,
                        "{post:?} {path}: a cookie is no token"
                    );
                    continue;
                }
            };
            assert_ne!(page.location, "/login", "{post:?} {path}");
            assert_eq!(page.status != StatusCode::FORBIDDEN, may, "{post:?} {path} {}", page.status);
        }
    }
}

/// Whoever is not signed in reaches the sign-in and what it looks like, and nothing else.
#[test]
fn what_needs_nothing_is_the_sign_in_and_its_looks() {
    let open: Vec<&str> =
        routes::all().iter().filter(|route| route.need == Need::Nothing).map(|route| route.path).collect();
    assert_eq!(
        open,
        ["/office/v1/login", "/login", "/login", "/desk.css", "/desk.svg", "/alarms.js", "/desk.js"]
    );
}

async fn nobody_is_led_to_a_page_that_is_not_theirs(on: On) {
    let world = World::new(on).await;
    received(&world).await;
    for post in Post::ALL {
        let mut browser = of(&world, post).await;
        let home = browser.get("/").await.text;
        assert_eq!(home.contains("王建国"), Right::SeeRollCalls.is_of(post), "{post:?}");
        let nav = home.split("<nav").nth(1).unwrap().split("</nav>").next().unwrap().to_owned();
        for link in nav.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert_eq!(browser.get(link).await.status, StatusCode::OK, "{post:?} {link}");
        }
    }
}

async fn it_answers_what_ails_a_terminal_and_no_alarm(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let alarm = kiosk.say(&Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })).await.to_string();
    let trouble = contract::DeviceTrouble::StoreDamaged { salvaged: 0 };
    let troubled = contract::DeviceTroubled { at: kiosk.stamp(), trouble };
    let troubled = kiosk.say(&Event::DeviceTroubled(troubled)).await.to_string();
    let device = kiosk.device.to_string();
    let mut browser = Browser::signed_in(&world, "it").await;
    let page = browser.get("/notices").await.text;
    assert!(has(&page, &format!("see-{troubled}")));
    let fields = [("device", device.as_str()), ("event", &troubled), ("kind", "trouble")];
    assert_eq!(browser.press("/notices", "/notices/seen", &fields).await.status, StatusCode::SEE_OTHER);
    let fields = [("device", device.as_str()), ("alarm", &alarm), ("deed", "acknowledge")];
    assert_eq!(browser.press("/notices", "/alarms", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/alarms").await.status, StatusCode::FORBIDDEN);
}
