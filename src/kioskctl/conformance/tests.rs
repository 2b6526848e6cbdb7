// SPDX-License-Identifier: GPL-3.0-only
//! The reference platform keeps every obligation.

use super::*;

mod alarms;
mod blobs;
mod fixture;
mod keys;
mod lock;
mod media;
mod wrong;

/// A reference platform with a test place and another.
#[tokio::test]
async fn the_reference_platform_keeps_every_obligation() {
    let dir = tempfile::tempdir().unwrap();
    let running = platform::start(platform::Config::loopback(dir.path())).await.unwrap();
    let seeded = platform::demo::seed(&running.platform, platform::demo::Seed::default()).await.unwrap();
    let other = contract::Terminal {
        terminal: contract::TerminalId::fresh(),
        block: "三监区".into(),
        cell: "306室".into(),
        utc_offset_min: 480,
    };
    let facility =
        contract::Facility { name: "示范看守所".into(), kind: contract::FacilityKind::DetentionCentre };
    running.platform.put_terminal(&other, &facility).await.unwrap();
    let (film, name) = (dir.path().join("film.webm"), ("防疫", "video/webm"));
    let long = usize::try_from(contract::MEDIA_PART_BYTES_MAX).unwrap() + 10;
    std::fs::write(&film, vec![7; long]).unwrap();
    running.platform.put_media(seeded.terminal, "film", &film, name, false).await.unwrap();
    let url = format!("https://{}", running.gateway_addr);
    // A second run finds the places as the first one left them.
    for _ in 0..2 {
        let codes = [
            running.platform.enrolment_code(seeded.terminal).await.unwrap(),
            running.platform.enrolment_code(other.terminal).await.unwrap(),
        ];
        let checks = examine(&url, running.platform.root_pem(), &codes, &[], true).await.unwrap();
        let missed: Vec<&Check> = checks.iter().filter(|check| check.result != State::Holds).collect();
        assert_eq!(missed.iter().map(|check| check.name).collect::<Vec<_>>(), ["revoked"], "{missed:#?}");
        assert_eq!(checks.len(), OBLIGATIONS.len());
    }
    running.stop().await;
}
