// SPDX-License-Identifier: GPL-3.0-only
//! How long the shop's pages take to be made from the store, as JSON: `cargo run -q --release -p kiosk --example shop --
//! FOLDER`. A catalogue of 2 000 things, all on one shelf and spread over six; a page in the middle of a statement of
//! 5 000 lines. The anchor is the same things understood from memory, without a file. Everything made in FOLDER is removed.

use contract::{
    Account, BootId, CATALOGUE_MAX, CatalogueItem, DetaineeId, DeviceId, Digest, Fen, Goods, LineKind,
    STATEMENT_PAGE_LINES, Shelf, SigningKey, SpendingLimit, Stamp, StatementLine, StatementPage, Text, Trust,
    Update,
};
use services::scene::ShopPage;
use services::shop::{self, View};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use store::{Config, Keys, PAGES_MAX, Store};

const ROUNDS: usize = 40;
const LINES: u64 = 5_000;
const NOW: Stamp =
    Stamp { boot: BootId(uuid::Uuid::nil()), mono_ms: 0, wall_ms: 1_795_312_800_000, trust: Trust::Synced };

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("give a folder to work in")?;
    let folder = tempfile::tempdir_in(folder)?;
    let config = Config {
        dir: folder.path(),
        device: DeviceId::fresh(),
        signing: Arc::new(SigningKey::open(&SigningKey::generate()?)?),
        keys: Keys::from_storage_key(&[7; 32])?,
        services: services::MIGRATIONS,
        pages_max: PAGES_MAX,
    };
    let (mut store, _) = Store::open(config)?;
    let viewer = DetaineeId::fresh();
    fill(&mut store, |_| Shelf::Food)?;
    state(&mut store, viewer)?;
    let whole = median_ms(&mut store, None, &ShopPage::Browse(Shelf::Food))?;
    let plain = plain_ms()?;
    fill(&mut store, |number| Shelf::ALL[number % Shelf::ALL.len()])?;
    let shelf = median_ms(&mut store, Some(viewer), &ShopPage::Shelf(Shelf::Food))?;
    let page = median_ms(&mut store, Some(viewer), &ShopPage::Statement { skip: LINES / 2 })?;
    let report = serde_json::json!({
        "things": CATALOGUE_MAX,
        "lines": LINES,
        "all_on_one_shelf_ms": whole,
        "shelf_ms": shelf,
        "statement_page_ms": page,
        "plain_ms": plain,
        "ratio": whole / plain,
    });
    #[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
    {
        println!("{report}");
    }
    Ok(())
}

fn fill(store: &mut Store, shelf: impl Fn(usize) -> Shelf) -> Result<(), Failure> {
    store.write(|tx| {
        for number in 0..CATALOGUE_MAX {
            let item = thing(number, shelf(number));
            shop::apply(tx, &Update::Catalogue { sku: item.sku.to_string(), item: Some(item) })?;
        }
        Ok::<_, store::Fault>(())
    })?;
    Ok(())
}

fn thing(number: usize, shelf: Shelf) -> CatalogueItem {
    CatalogueItem {
        sku: Text::new(&format!("S{number:04}")),
        name: Text::new(&format!("苏打饼干 {number}")),
        unit: "一包 200 克".into(),
        shelf,
        picture: Goods::Bread,
        price: Fen(650),
        price_rev: 1,
        price_before: None,
        price_since_ms: 0,
        stock: Some(10),
        order_max: 5,
        period: None,
        level_min: 0,
        suits: Vec::new(),
        from_ms: None,
        until_ms: None,
        in_kit: 0,
    }
}

fn state(store: &mut Store, detainee: DetaineeId) -> Result<(), Failure> {
    let mut before = Digest::ZERO;
    let lines: Vec<StatementLine> = (1..=LINES)
        .map(|number| {
            let line = StatementLine {
                number,
                at_ms: NOW.wall_ms,
                kind: LineKind::Order,
                amount: Fen(-650),
                balance: Fen(10_000_000 - 650 * i64::try_from(number).unwrap_or_default()),
                words: "购物".into(),
                reference: "3F2A-91BC".into(),
                order: None,
                hash: Digest::ZERO,
                objection: None,
            };
            let line = line.hashed(detainee, before);
            before = line.hash;
            line
        })
        .collect();
    let limit =
        SpendingLimit { from_ms: 0, until_ms: 1, most: Fen(1), spent: Fen(0), festival: Text::default() };
    let account = Account {
        detainee,
        as_of_ms: NOW.wall_ms,
        balance: Fen(6_750_000),
        lines: LINES,
        head: before,
        limit,
        frozen: None,
        level: 0,
        diets: Vec::new(),
        bought: Vec::new(),
        owed: Vec::new(),
        kit: false,
    };
    store.write(|tx| {
        for page in lines.chunks(STATEMENT_PAGE_LINES) {
            let Some(first) = page.first().map(|line| line.number) else { continue };
            let page = Some(StatementPage { lines: page.to_vec() });
            shop::apply(tx, &Update::Statement { detainee, first, page })?;
        }
        shop::apply(tx, &Update::Account { detainee, account: Some(Box::new(account)) })?;
        Ok::<_, store::Fault>(())
    })?;
    Ok(())
}

fn median_ms(store: &mut Store, viewer: Option<DetaineeId>, page: &ShopPage) -> Result<f64, Failure> {
    timed(|| {
        let view: View = store.read(|read| shop::view(read, viewer, Some(page), &NOW))?;
        let shown = view.goods.len() + view.own.map_or(0, |own| own.lines.len());
        if shown == 0 { Err("nothing was shown".into()) } else { Ok(()) }
    })
}

/// The same things as text in memory, understood one by one.
fn plain_ms() -> Result<f64, Failure> {
    let bodies: Vec<String> = (0..CATALOGUE_MAX)
        .map(|number| serde_json::to_string(&thing(number, Shelf::Food)))
        .collect::<Result<_, _>>()?;
    timed(|| {
        let things = bodies.iter().map(|body| serde_json::from_str::<CatalogueItem>(body));
        let things: Vec<CatalogueItem> = things.collect::<Result<_, _>>()?;
        if things.is_empty() { Err("nothing was read".into()) } else { Ok(()) }
    })
}

fn timed(mut once: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut all = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        once()?;
        all.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    all.sort_by(f64::total_cmp);
    Ok(all[ROUNDS / 2])
}
