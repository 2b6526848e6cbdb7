// SPDX-License-Identifier: GPL-3.0-only
//! The made-up facility's shop: a catalogue over all shelves, money on every account, one frozen, one with a debt.

use crate::finance::{self, Said};
use crate::tables::accounts as rows;
use crate::{Fault, Platform, goods};
use contract::{CatalogueItem, DetaineeId, Diet, Fen, Goods, PeriodMax, Shelf};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A thing of a season is offered so many days.
const SEASON_DAYS: i64 = 60;
const SEASONAL: &str = "F06";
/// Who deposited the demo's money, by what paper.
const FAMILY: &str = "家属存入";
const TRANSFER: &str = "转入";

/// A thing of the demo's shop.
struct Thing {
    sku: &'static str,
    name: &'static str,
    unit: &'static str,
    shelf: Shelf,
    picture: Goods,
    price: i64,
    stock: Option<u32>,
    order_max: u32,
    period: Option<(u16, u32)>,
    suits: &'static [Diet],
    level_min: u8,
    in_kit: u32,
}

const fn thing(
    sku: &'static str,
    name: &'static str,
    unit: &'static str,
    (shelf, picture): (Shelf, Goods),
    price: i64,
    order_max: u32,
) -> Thing {
    let (stock, period, suits, level_min, in_kit) = (None, None, [].as_slice(), 0, 0);
    Thing { sku, name, unit, shelf, picture, price, stock, order_max, period, suits, level_min, in_kit }
}

const ALL_DIETS: &[Diet] = &[Diet::Halal, Diet::Vegetarian, Diet::LowSugar, Diet::LowSalt];
const NO_MEAT: &[Diet] = &[Diet::Halal, Diet::Vegetarian];

const THINGS: [Thing; 27] = [
    Thing { in_kit: 1, ..thing("W01", "香皂", "一块", (Shelf::Washing, Goods::Soap), 350, 5) },
    Thing { in_kit: 1, ..thing("W02", "软毛牙刷", "一支", (Shelf::Washing, Goods::Teeth), 280, 3) },
    Thing { in_kit: 1, ..thing("W03", "牙膏", "一支 120 克", (Shelf::Washing, Goods::Teeth), 620, 3) },
    Thing {
        stock: Some(40),
        ..thing("W04", "洗发水", "一瓶 200 毫升", (Shelf::Washing, Goods::Shampoo), 1_280, 2)
    },
    thing("W05", "沐浴露", "一瓶 250 毫升", (Shelf::Washing, Goods::Shampoo), 1_360, 2),
    Thing {
        in_kit: 1,
        stock: Some(60),
        ..thing("W06", "毛巾", "一条", (Shelf::Washing, Goods::Towel), 890, 2)
    },
    Thing { in_kit: 2, ..thing("D01", "卫生纸", "一卷", (Shelf::Daily, Goods::Tissue), 260, 10) },
    thing("D02", "卫生巾", "一包 10 片", (Shelf::Daily, Goods::Pads), 980, 10),
    Thing { in_kit: 1, ..thing("D03", "塑料杯", "一个", (Shelf::Daily, Goods::Cup), 450, 2) },
    thing("D04", "塑料碗", "一个", (Shelf::Daily, Goods::Cup), 520, 2),
    thing("D05", "洗衣粉", "一袋 300 克", (Shelf::Daily, Goods::Other), 580, 3),
    Thing {
        suits: NO_MEAT,
        period: Some((7, 6)),
        ..thing("F01", "苏打饼干", "一包 200 克", (Shelf::Food, Goods::Bread), 650, 4)
    },
    Thing {
        suits: NO_MEAT,
        stock: Some(24),
        ..thing("F02", "切片面包", "一袋", (Shelf::Food, Goods::Bread), 880, 2)
    },
    Thing {
        period: Some((7, 10)), ..thing("F03", "方便面", "一包", (Shelf::Food, Goods::Noodles), 350, 5)
    },
    Thing {
        suits: &[Diet::Halal],
        period: Some((7, 10)),
        ..thing("F04", "清真方便面", "一包", (Shelf::Food, Goods::Noodles), 380, 5)
    },
    Thing {
        suits: ALL_DIETS,
        stock: Some(30),
        ..thing("F05", "苹果", "一斤", (Shelf::Food, Goods::Fruit), 680, 3)
    },
    Thing {
        suits: NO_MEAT, ..thing("F06", "花生糖", "一包 150 克", (Shelf::Food, Goods::Sweets), 720, 2)
    },
    Thing { stock: Some(50), ..thing("F07", "卤蛋", "两个", (Shelf::Food, Goods::Meal), 400, 5) },
    Thing { suits: NO_MEAT, ..thing("F08", "榨菜", "一包", (Shelf::Food, Goods::Meal), 180, 5) },
    Thing {
        suits: ALL_DIETS,
        ..thing("B01", "矿泉水", "一瓶 550 毫升", (Shelf::Drink, Goods::Water), 200, 12)
    },
    Thing {
        suits: NO_MEAT,
        stock: Some(36),
        ..thing("B02", "纯牛奶", "一盒 250 毫升", (Shelf::Drink, Goods::Drink), 380, 6)
    },
    Thing {
        stock: Some(20), ..thing("C01", "纯棉内衣", "一件", (Shelf::Clothing, Goods::Shirt), 3_200, 2)
    },
    thing("C02", "棉袜", "一双", (Shelf::Clothing, Goods::Shoes), 600, 4),
    Thing {
        stock: Some(0), ..thing("C03", "塑料拖鞋", "一双", (Shelf::Clothing, Goods::Shoes), 1_500, 1)
    },
    thing("P01", "横格本", "一本", (Shelf::Paper, Goods::Notebook), 420, 3),
    Thing { level_min: 1, ..thing("P02", "新华字典", "一本", (Shelf::Paper, Goods::Book), 2_490, 1) },
    Thing {
        period: Some((30, 10)),
        ..thing("P03", "信封和邮票", "一套", (Shelf::Paper, Goods::Stamp), 150, 5)
    },
];

/// Fills the shop and the accounts; what was there stays as it is.
pub(crate) async fn seed(platform: &Platform, people: &[DetaineeId]) -> Result<(), Fault> {
    let core = &platform.core;
    let now_ms = core.clock.now_ms();
    let mut write = core.tables.write().await?;
    for thing in &THINGS {
        let item = item(thing, now_ms);
        goods::put(&mut write, &item, now_ms)
            .await?
            .map_err(|_| Fault::Refused("put a thing of the demo"))?;
    }
    // One price has changed: it is shown with the one before.
    if let Some(changed) = THINGS.first() {
        let item = CatalogueItem { price: Fen(changed.price + 30), ..item(changed, now_ms) };
        goods::put(&mut write, &item, now_ms)
            .await?
            .map_err(|_| Fault::Refused("put a thing of the demo"))?;
    }
    const MONEY: Fault = Fault::Refused("put money on an account of the demo");
    for (number, detainee) in (1_i64..).zip(people) {
        if rows::get(&mut write, *detainee).await?.is_none_or(|row| row.lines > 0) {
            continue;
        }
        let reference = format!("CK-{number:03}");
        let said = Said { words: FAMILY, reference: &reference, by: "" };
        let fen = Fen(20_000 + number * 1_750);
        finance::deposit(&mut write, *detainee, fen, said, now_ms).await?.map_err(|_| MONEY)?;
        let reference = format!("ZR-{number:03}");
        let said = Said { words: TRANSFER, reference: &reference, by: "" };
        finance::deposit(&mut write, *detainee, Fen(3_000), said, now_ms).await?.map_err(|_| MONEY)?;
        match number {
            4 => {
                let said = Said {
                    words: "法院协助冻结通知", reference: "冻字第 12 号，问财务", by: ""
                };
                finance::freeze(&mut write, *detainee, said, now_ms).await?.map_err(|_| MONEY)?;
            }
            5 => {
                let said = Said { words: "损坏公物赔偿", reference: "赔字第 3 号", by: "" };
                finance::owe(&mut write, *detainee, Fen(12_000), said, now_ms).await?.map_err(|_| MONEY)?;
                let owed = rows::owed(&mut write, *detainee, 1).await?;
                for (id, _) in owed {
                    finance::deduct(&mut write, *detainee, (id, Fen(3_000)), "", now_ms)
                        .await?
                        .map_err(|_| MONEY)?;
                }
            }
            6 => {
                finance::set_rules(&mut write, *detainee, (1, &[Diet::Halal], None), now_ms)
                    .await?
                    .map_err(|_| MONEY)?;
            }
            _ => {}
        }
    }
    write.commit().await?;
    Ok(())
}

fn item(thing: &Thing, now_ms: i64) -> CatalogueItem {
    let seasonal = thing.sku == SEASONAL;
    CatalogueItem {
        sku: thing.sku.into(),
        name: thing.name.into(),
        unit: thing.unit.into(),
        shelf: thing.shelf,
        picture: thing.picture,
        price: Fen(thing.price),
        price_rev: 1,
        price_before: None,
        price_since_ms: 0,
        stock: thing.stock,
        order_max: thing.order_max,
        period: thing.period.map(|(days, count)| PeriodMax { days, count }),
        level_min: thing.level_min,
        suits: thing.suits.to_vec(),
        from_ms: None,
        until_ms: seasonal.then(|| now_ms.saturating_add(SEASON_DAYS * DAY_MS)),
        in_kit: thing.in_kit,
    }
}
