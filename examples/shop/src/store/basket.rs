//! Baskets: lines, vouchers, shipping, and what it all costs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Problem;
use super::account::slow_hash;
use super::catalogue::Catalogue;

/// Different products in one basket.
pub const MAX_LINES: usize = 50;
/// Pieces of one product in one basket.
pub const MAX_QUANTITY: u32 = 99;

/// A reduction that a code gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voucher {
    /// `TENOFF`: 10 % off all items.
    TenPercent,
    /// `FIVER`: 5 euros off from 25 euros.
    FiveEuros,
    /// `FREESHIP`: standard shipping is free.
    FreeShipping,
    /// `STAFF30`: 30 % off, for customers who are logged in.
    Staff,
}

/// The basket value in euro cents from which `FIVER` counts.
pub const FIVER_MINIMUM_CENTS: u64 = 2_500;

/// bcrypt cost of a voucher code: 2^6 rounds, so that guessing codes takes its time.
pub const VOUCHER_COST: u32 = 6;

/// The slow hashes of all codes in capital letters; no voucher stands beside a code that has expired.
const VOUCHERS: [(&str, Option<Voucher>); 5] = [
    ("16433f150b6689428e3c981166458ac03405a78d34f7d1", Some(Voucher::TenPercent)),
    ("68ee408bb01b3ab444563177a7691441c96ed97cda2db0", Some(Voucher::FiveEuros)),
    ("17f77626ceea94c4389f41b967ea0e05a64a2e5e2137fa", Some(Voucher::FreeShipping)),
    ("72729022257c7852511d10924ac91117fe542fa2dcb857", Some(Voucher::Staff)),
    ("e7a1c41986a8fac432fbab7f3e2fe3ff8cf3a83f85c911", None),
];

impl Voucher {
    /// The voucher behind `code`, which is matched without regard to case. Takes milliseconds.
    ///
    /// # Errors
    /// 422 for a code that never was (`voucher_unknown`) or that is no longer valid (`voucher_expired`).
    pub fn recognise(code: &str) -> Result<Self, Problem> {
        let hash = slow_hash(VOUCHER_COST, "voucher", &code.to_ascii_uppercase());
        match VOUCHERS.iter().find(|(known, _)| *known == hash) {
            Some((_, Some(voucher))) => Ok(*voucher),
            Some((_, None)) => Err(Problem::new(422, "voucher_expired", "this voucher was valid until 31 August 2025")),
            None => Err(Problem::new(422, "voucher_unknown", "there is no such voucher")),
        }
    }

    /// Whether this visitor may use it.
    ///
    /// # Errors
    /// 422 (`voucher_needs_login`) for the staff's when nobody is logged in.
    pub fn check_allowed(self, is_logged_in: bool) -> Result<(), Problem> {
        if self == Self::Staff && !is_logged_in {
            return Err(Problem::new(422, "voucher_needs_login", "this voucher is for customers with an account"));
        }
        Ok(())
    }

    /// The code that a customer types.
    pub fn code(self) -> &'static str {
        match self {
            Self::TenPercent => "TENOFF",
            Self::FiveEuros => "FIVER",
            Self::FreeShipping => "FREESHIP",
            Self::Staff => "STAFF30",
        }
    }

    fn discount_cents(self, items_cents: u64) -> u64 {
        match self {
            Self::TenPercent => items_cents / 10,
            Self::FiveEuros if items_cents >= FIVER_MINIMUM_CENTS => 500,
            Self::FiveEuros | Self::FreeShipping => 0,
            Self::Staff => items_cents * 3 / 10,
        }
    }
}

/// Where a parcel goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2 code.
    pub code: &'static str,
    /// Price of a standard parcel of up to 5 kg in euro cents.
    pub parcel_cents: u64,
    /// Value added tax that the prices contain, in percent.
    pub vat_percent: u64,
    /// The basket value in euro cents from which standard shipping is free, where it ever is.
    pub free_from_cents: Option<u64>,
}

/// The countries that the shop delivers to.
pub const COUNTRIES: [Country; 4] = [
    Country { code: "AT", parcel_cents: 790, vat_percent: 20, free_from_cents: Some(15_000) },
    Country { code: "DE", parcel_cents: 490, vat_percent: 19, free_from_cents: Some(10_000) },
    Country { code: "FR", parcel_cents: 890, vat_percent: 20, free_from_cents: None },
    Country { code: "US", parcel_cents: 1_990, vat_percent: 0, free_from_cents: None },
];

const EXPRESS_CENTS: u64 = 900;
const PARCEL_G: u64 = 5_000;
const EXTRA_PARCEL_CENTS: u64 = 500;

/// How a basket is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipping {
    /// The destination.
    pub country: Country,
    /// Next working day instead of standard.
    pub is_express: bool,
}

impl Shipping {
    /// Shipping to the country with this ISO code, `method` being `standard` or `express`.
    ///
    /// # Errors
    /// 422 for a country or method that the shop doesn't offer.
    pub fn choose(country: &str, method: &str) -> Result<Self, Problem> {
        let country = COUNTRIES
            .into_iter()
            .find(|offered| offered.code == country)
            .ok_or_else(|| Problem::new(422, "country_unknown", "we deliver to AT, DE, FR and US"))?;
        match method {
            "standard" => Ok(Self { country, is_express: false }),
            "express" => Ok(Self { country, is_express: true }),
            _ => Err(Problem::new(422, "method_unknown", "the method is standard or express")),
        }
    }

    fn cost_cents(self, weight_g: u64, goods_cents: u64, is_voucher_free: bool) -> u64 {
        if weight_g == 0 {
            return 0;
        }
        let is_free = is_voucher_free || self.country.free_from_cents.is_some_and(|from| goods_cents >= from);
        let extra_parcels = weight_g.div_ceil(PARCEL_G).saturating_sub(1);
        let standard = if is_free { 0 } else { self.country.parcel_cents + extra_parcels * EXTRA_PARCEL_CENTS };
        if self.is_express { standard + EXPRESS_CENTS } else { standard }
    }
}

/// What a visitor wants to buy.
#[derive(Debug, Clone)]
pub struct Basket {
    /// 32 hexadecimal digits.
    pub id: String,
    /// Pieces by SKU: 1 to [`MAX_QUANTITY`] each, at most [`MAX_LINES`] of them.
    pub lines: BTreeMap<String, u32>,
    /// The voucher redeemed.
    pub voucher: Option<Voucher>,
    /// Where it goes; Germany, standard, unless the visitor chose.
    pub shipping: Shipping,
}

/// What a basket costs, in euro cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// All items at list price.
    pub items: u64,
    /// What the voucher takes off.
    pub discount: u64,
    /// Shipping.
    pub shipping: u64,
    /// To pay: items - discount + shipping.
    pub total: u64,
    /// The tax that `total` contains, rounded half up.
    pub vat: u64,
}

impl Basket {
    /// An empty basket.
    pub fn new(id: String) -> Self {
        Self {
            id,
            lines: BTreeMap::new(),
            voucher: None,
            shipping: Shipping { country: COUNTRIES[1], is_express: false },
        }
    }

    /// Sets the pieces of `sku`; 0 removes the line.
    ///
    /// # Errors
    /// 422 when `quantity` or the number of lines is over its limit.
    pub fn set(&mut self, sku: &str, quantity: u32) -> Result<(), Problem> {
        if quantity > MAX_QUANTITY {
            return Err(Problem::new(422, "quantity_too_large", format!("at most {MAX_QUANTITY} pieces of a product")));
        }
        if quantity == 0 {
            self.lines.remove(sku);
        } else if self.lines.len() >= MAX_LINES && !self.lines.contains_key(sku) {
            return Err(Problem::new(422, "basket_full", format!("at most {MAX_LINES} different products")));
        } else {
            self.lines.insert(sku.to_owned(), quantity);
        }
        Ok(())
    }

    /// What the basket costs now. Lines whose product is gone cost nothing.
    pub fn totals(&self, catalogue: &Catalogue) -> Totals {
        let (mut items, mut weight_g) = (0, 0);
        for (sku, &quantity) in &self.lines {
            if let Some((_, product)) = catalogue.find(sku) {
                items += product.price_cents * u64::from(quantity);
                weight_g += product.weight_g * u64::from(quantity);
            }
        }
        let discount = self.voucher.map_or(0, |voucher| voucher.discount_cents(items));
        let is_voucher_free = self.voucher == Some(Voucher::FreeShipping);
        let shipping = self.shipping.cost_cents(weight_g, items - discount, is_voucher_free);
        let total = items - discount + shipping;
        let percent = self.shipping.country.vat_percent;
        let vat = (total * percent * 2 + 100 + percent) / (2 * (100 + percent));
        Totals { items, discount, shipping, total, vat }
    }

    /// The basket as the API shows it.
    pub fn to_json(&self, catalogue: &Catalogue) -> Value {
        let totals = self.totals(catalogue);
        let items: Vec<Value> = self
            .lines
            .iter()
            .filter_map(|(sku, quantity)| {
                let (_, product) = catalogue.find(sku)?;
                Some(json!({
                    "sku": sku, "name": product.name, "quantity": quantity, "price_cents": product.price_cents,
                    "sum_cents": product.price_cents * u64::from(*quantity),
                }))
            })
            .collect();
        json!({
            "id": self.id,
            "items": items,
            "pieces": self.lines.values().sum::<u32>(),
            "voucher": self.voucher.map(Voucher::code),
            "shipping": {
                "country": self.shipping.country.code,
                "method": if self.shipping.is_express { "express" } else { "standard" },
            },
            "totals": {
                "items_cents": totals.items, "discount_cents": totals.discount, "shipping_cents": totals.shipping,
                "total_cents": totals.total, "vat_cents": totals.vat,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_add_up_with_every_voucher_and_destination() {
        let catalogue = Catalogue::generate();
        let vouchers = [
            None,
            Some(Voucher::TenPercent),
            Some(Voucher::FiveEuros),
            Some(Voucher::FreeShipping),
            Some(Voucher::Staff),
        ];
        for voucher in vouchers {
            for country in COUNTRIES {
                let mut basket = Basket::new("b".to_owned());
                basket.voucher = voucher;
                basket.shipping = Shipping { country, is_express: true };
                assert_eq!(basket.totals(&catalogue).total, 0, "an empty basket costs nothing");
                basket.set("SH-0001", 3).unwrap();
                let totals = basket.totals(&catalogue);
                assert_eq!(totals.total, totals.items - totals.discount + totals.shipping);
                assert!(totals.vat * (100 + country.vat_percent) <= totals.total * country.vat_percent + 100);
            }
        }
    }

    #[test]
    fn codes_are_recognised_in_any_case_and_others_refused() {
        for voucher in [Voucher::TenPercent, Voucher::FiveEuros, Voucher::FreeShipping, Voucher::Staff] {
            assert_eq!(Voucher::recognise(voucher.code()), Ok(voucher));
            assert_eq!(Voucher::recognise(&voucher.code().to_lowercase()), Ok(voucher));
        }
        assert_eq!(Voucher::recognise("SUMMER25").unwrap_err().code, "voucher_expired");
        assert_eq!(Voucher::recognise("WINTER25").unwrap_err().code, "voucher_unknown");
        assert_eq!(Voucher::Staff.check_allowed(false).unwrap_err().code, "voucher_needs_login");
        assert_eq!(Voucher::Staff.check_allowed(true), Ok(()));
    }

    #[test]
    fn limits_hold() {
        let mut basket = Basket::new("b".to_owned());
        assert!(basket.set("SH-0001", MAX_QUANTITY).is_ok());
        assert_eq!(basket.set("SH-0001", MAX_QUANTITY + 1).unwrap_err().code, "quantity_too_large");
        for number in 2..=MAX_LINES {
            basket.set(&format!("SH-{number:04}"), 1).unwrap();
        }
        assert_eq!(basket.set("SH-3999", 1).unwrap_err().code, "basket_full");
        assert!(basket.set("SH-0001", 0).is_ok());
        assert!(basket.set("SH-3999", 1).is_ok());
    }

    #[test]
    fn a_second_parcel_and_express_cost_extra_and_a_threshold_makes_standard_free() {
        let shipping = Shipping::choose("DE", "standard").unwrap();
        assert_eq!(shipping.cost_cents(5_000, 9_999, false), 490);
        assert_eq!(shipping.cost_cents(5_001, 9_999, false), 990);
        assert_eq!(shipping.cost_cents(5_001, 10_000, false), 0);
        assert_eq!(Shipping::choose("DE", "express").unwrap().cost_cents(1, 10_000, false), 900);
        assert_eq!(Shipping::choose("FR", "standard").unwrap().cost_cents(1, 99_999, false), 890);
        assert_eq!(Shipping::choose("XX", "standard").unwrap_err().code, "country_unknown");
    }
}
