// SPDX-License-Identifier: GPL-3.0-only
//! Codes and certificates.

use super::*;
use crate::NoticeKind;
use crate::enrol::CODE_MS;
use contract::{AlarmRaised, RenewRequest};

on_both! {
    a_code_gives_one_certificate_and_no_second,
    a_certificate_is_renewed_for_the_same_key_also_some_time_after_its_end,
    a_certificate_is_not_renewed_for_another_key_or_out_of_service_or_too_late,
    a_code_is_taken_as_it_was_heard,
    a_code_is_spent_after_five_wrong_tries,
    a_fifth_try_may_be_the_right_one,
    a_code_lives_fifteen_minutes,
    a_new_code_voids_the_one_before,
    a_guess_that_names_no_code_costs_none_a_try_and_guessing_is_slowed,
    a_request_of_another_key_costs_no_try_and_gets_nothing,
    the_certificate_names_the_device_and_not_what_the_request_wished,
    the_same_device_may_be_enrolled_again_and_goes_on,
    a_device_number_cannot_be_taken_over_by_another_key,
    a_replacement_puts_the_earlier_device_out_of_service_and_says_so,
    a_root_is_changed_in_three_steps_and_loses_no_terminal,
    keys_and_root_stay_over_a_restart_and_are_their_owners_alone,
}

const WRONG: (u16, &str) = (403, "enrol_code");

fn is_wrong(result: Result<EnrolReply, Refused>) -> bool {
    let (status, code) = refused(result);
    (status, code.as_str()) == WRONG
}

/// The code with another last letter.
fn mistyped(code: &str) -> String {
    let (head, last) = code.split_at(code.len() - 1);
    format!("{head}{}", if last == "7" { "8" } else { "7" })
}

async fn a_code_gives_one_certificate_and_no_second(on: On) {
    let world = World::new(on).await;
    let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
    assert_eq!(code.len(), 10);
    let kiosk = world.newcomer();
    let reply = kiosk.enrol(&code).await.unwrap();
    assert_eq!((reply.terminal, reply.server_ms), (world.terminal(), NOW_MS));
    assert_eq!(reply.content_key, world.running.platform.content_key());
    assert_eq!(reply.roots_pem, world.running.platform.root_pem());
    assert!(is_wrong(world.newcomer().enrol(&code).await));
}

const DAY_MS: i64 = 86_400_000;

fn renewal(kiosk: &Kiosk) -> RenewRequest {
    RenewRequest { csr_pem: kiosk.request().csr_pem }
}

async fn a_certificate_is_renewed_for_the_same_key_also_some_time_after_its_end(on: On) {
    for days in [91, 181, 269] {
        let world = World::new(on).await;
        let mut kiosk = world.kiosk().await;
        world.pass_ms(days * DAY_MS);
        kiosk.use_certificate(&world, &kiosk.certificate_pem.clone());
        let reply = kiosk.renew(&renewal(&kiosk)).await.unwrap();
        assert_eq!(reply.terminal, world.terminal(), "after {days} days");
        kiosk.use_certificate(&world, &reply.certificate_pem);
        let alarm = Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() });
        kiosk.say(&alarm).await;
    }
}

async fn a_certificate_is_not_renewed_for_another_key_or_out_of_service_or_too_late(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let other = RenewRequest { csr_pem: world.newcomer().request().csr_pem };
    assert_eq!(refused(kiosk.renew(&other).await), (422, "enrol_key".to_owned()));
    world.running.platform.revoke(kiosk.device).await.unwrap();
    assert_eq!(refused(kiosk.renew(&renewal(&kiosk)).await), (403, "device_revoked".to_owned()));

    let world = World::new(on).await;
    kiosk = world.kiosk().await;
    world.pass_ms(272 * DAY_MS);
    kiosk.use_certificate(&world, &kiosk.certificate_pem.clone());
    let request = renewal(&kiosk);
    let sent = kiosk.client.post(format!("{}/v1/renew", kiosk.gateway)).header("Kiosk-Protocol", "1");
    assert!(sent.json(&request).send().await.is_err(), "TLS does not let it in");
}

async fn a_code_is_taken_as_it_was_heard(on: On) {
    let world = World::new(on).await;
    let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
    let heard = format!(" {}-{} ", &code[..5], &code[5..]).to_lowercase().replace('0', "o").replace('1', "l");
    world.newcomer().enrol(&heard).await.unwrap();
}

async fn a_code_is_spent_after_five_wrong_tries(on: On) {
    let world = World::new(on).await;
    let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
    for _ in 0..4 {
        assert!(is_wrong(world.newcomer().enrol(&mistyped(&code)).await));
    }
    let kiosk = world.newcomer();
    assert!(is_wrong(kiosk.enrol(&mistyped(&code)).await));
    assert!(is_wrong(kiosk.enrol(&code).await), "the sixth try is too late");
}

async fn a_fifth_try_may_be_the_right_one(on: On) {
    let world = World::new(on).await;
    let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
    for _ in 0..4 {
        assert!(is_wrong(world.newcomer().enrol(&mistyped(&code)).await));
    }
    world.newcomer().enrol(&code).await.unwrap();
}

async fn a_code_lives_fifteen_minutes(on: On) {
    let world = World::new(on).await;
    let platform = &world.running.platform;
    let code = platform.enrolment_code(world.terminal()).await.unwrap();
    world.pass_ms(CODE_MS);
    assert_eq!(refused(world.newcomer().enrol(&code).await), (403, "enrol_expired".to_owned()));
    assert!(is_wrong(world.newcomer().enrol(&code).await), "it is used up");
    let code = platform.enrolment_code(world.terminal()).await.unwrap();
    world.pass_ms(CODE_MS - 1);
    world.newcomer().enrol(&code).await.unwrap();
}

async fn a_new_code_voids_the_one_before(on: On) {
    let world = World::new(on).await;
    let platform = &world.running.platform;
    let first = platform.enrolment_code(world.terminal()).await.unwrap();
    let second = platform.enrolment_code(world.terminal()).await.unwrap();
    assert!(is_wrong(world.newcomer().enrol(&first).await));
    world.newcomer().enrol(&second).await.unwrap();
}

async fn a_guess_that_names_no_code_costs_none_a_try_and_guessing_is_slowed(on: On) {
    let world = World::new(on).await;
    let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
    let other = if code.starts_with("ZZZ") { "YYYYYYYYYY" } else { "ZZZZZZZZZZ" };
    let kiosk = world.newcomer();
    for _ in 0..60 {
        assert!(is_wrong(kiosk.enrol(other).await));
    }
    assert_eq!(refused(kiosk.enrol(&code).await), (429, "enrol_later".to_owned()));
    world.pass_ms(60_000);
    kiosk.enrol(&code).await.unwrap();
}

async fn a_request_of_another_key_costs_no_try_and_gets_nothing(on: On) {
    let world = World::new(on).await;
    let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
    let kiosk = world.newcomer();
    let stolen =
        EnrolRequest { code: code.clone(), csr_pem: world.newcomer().request().csr_pem, ..kiosk.request() };
    let garbage = EnrolRequest { code: code.clone(), csr_pem: "-----BEGIN".to_owned(), ..kiosk.request() };
    for request in [stolen, garbage] {
        for _ in 0..5 {
            assert_eq!(refused(kiosk.ask_enrol(&request).await), (422, "enrol_key".to_owned()));
        }
    }
    kiosk.enrol(&code).await.unwrap();
}

async fn the_certificate_names_the_device_and_not_what_the_request_wished(on: On) {
    let world = World::new(on).await;
    let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
    let kiosk = world.newcomer();
    let mut params = CertificateParams::new(vec!["platform.example".to_owned()]).unwrap();
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let pair = KeyPair::try_from(kiosk.pkcs8.as_slice()).unwrap();
    let csr_pem = params.serialize_request(&pair).unwrap().pem().unwrap();
    let reply = kiosk.ask_enrol(&EnrolRequest { code, csr_pem, ..kiosk.request() }).await.unwrap();
    let der = CertificateDer::from_pem_slice(reply.certificate_pem.as_bytes()).unwrap();
    let read = crate::ca::CertificateOf::read(&der).unwrap();
    assert_eq!((read.device, read.key), (kiosk.device, kiosk.key.public()));
    let days = (read.not_after_ms - NOW_MS) / 86_400_000;
    assert_eq!(days, crate::ca::DEVICE_DAYS);
    use x509_parser::prelude::{FromDer, X509Certificate};
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    let names = certificate.subject_alternative_name().unwrap().unwrap();
    assert_eq!(names.value.general_names.len(), 1);
    let uses = certificate.extended_key_usage().unwrap().unwrap();
    assert!(uses.value.client_auth && !uses.value.server_auth);
}

async fn the_same_device_may_be_enrolled_again_and_goes_on(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let (page, digest) = kiosk.feed(0, 0).await.unwrap();
    let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
    let reply = kiosk.enrol(&code).await.unwrap();
    kiosk.use_certificate(&world, &reply.certificate_pem);
    assert_eq!(kiosk.feed(page.to, 0).await.unwrap().0.prev, digest);
    assert_eq!(world.running.platform.devices().await.unwrap().len(), 1);
}

async fn a_device_number_cannot_be_taken_over_by_another_key(on: On) {
    let world = World::new(on).await;
    let held = world.kiosk().await;
    let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
    let thief = world.newcomer();
    let request = EnrolRequest { code: code.clone(), device: held.device, ..thief.request() };
    assert_eq!(refused(thief.ask_enrol(&request).await), (409, "enrol_device".to_owned()));
    held.feed(0, 0).await.unwrap();
    thief.enrol(&code).await.unwrap();
}

async fn a_replacement_puts_the_earlier_device_out_of_service_and_says_so(on: On) {
    let world = World::new(on).await;
    let earlier = world.kiosk().await;
    let replacement = world.kiosk().await;
    assert_eq!(refused(earlier.feed(0, 0).await), (403, "device_revoked".to_owned()));
    replacement.feed(0, 0).await.unwrap();
    let notices = world.running.platform.notices().await.unwrap();
    assert_eq!(notices.iter().filter(|notice| notice.kind == NoticeKind::Replaced).count(), 1);
}

async fn a_root_is_changed_in_three_steps_and_loses_no_terminal(on: On) {
    let mut world = World::new(on).await;
    let old = world.kiosk().await;
    let before = world.running.platform.root_pem().to_owned();
    assert!(world.running.platform.switch_root(false).await.is_err(), "none is staged");
    world.running.platform.stage_root().unwrap();
    assert!(world.running.platform.stage_root().is_err(), "one is staged");
    world.restart().await;
    assert!(world.running.platform.switch_root(false).await.is_err(), "a device does not pin it yet");
    let pem = old.certificate_pem.clone();
    let old = world.again(old, &pem);

    world.pass_ms(2 * DAY_MS);
    let reply = old.renew(&renewal(&old)).await.unwrap();
    assert!(reply.roots_pem.starts_with(&before) && reply.roots_pem.matches("BEGIN").count() == 2);
    assert_eq!(world.running.platform.roots().await.unwrap().waiting, 0);
    world.running.platform.switch_root(false).await.unwrap();
    world.restart().await;
    let after = world.running.platform.root_pem().to_owned();
    assert!(after != before && reply.roots_pem.ends_with(&after), "what was pinned is what signs");

    // The certificate of the former root still counts, and its renewal is of the new one.
    let mut old = world.again(old, &reply.certificate_pem);
    old.say(&Event::AlarmRaised(AlarmRaised { at: old.stamp() })).await;
    assert!(world.running.platform.retire_roots(false).await.is_err());
    world.pass_ms(2 * DAY_MS);
    let renewed = old.renew(&renewal(&old)).await.unwrap();
    assert_eq!(renewed.roots_pem, after);
    assert_eq!(world.running.platform.retire_roots(false).await.unwrap(), 1);
    world.restart().await;
    let mut old = world.again(old, &renewed.certificate_pem);
    old.say(&Event::AlarmRaised(AlarmRaised { at: old.stamp() })).await;
}

async fn keys_and_root_stay_over_a_restart_and_are_their_owners_alone(on: On) {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new(on).await;
    let open = async || crate::Platform::open(place.data(), &place.database, Clock::system()).await.unwrap();
    let first = open().await;
    let (root, content) = (first.root_pem().to_owned(), first.content_key());
    first.core.tables.close().await;
    let second = open().await;
    assert_eq!((second.root_pem(), second.content_key()), (root.as_str(), content));
    for file in ["root.key", "root.pem", "content.key"] {
        let mode = std::fs::metadata(place.data().join("keys").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}
