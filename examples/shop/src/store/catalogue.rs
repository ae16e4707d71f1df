//! The products: generated from word lists by index, so that every process has the same ones.

/// How many products the shop sells. Large enough that a search or report is real work.
pub const PRODUCT_COUNT: u32 = 4_000;

/// The categories, in the order of the menu.
pub const CATEGORIES: [&str; 8] = ["baths", "beds", "benches", "chairs", "desks", "lamps", "rugs", "shelves"];

const NOUNS: [[&str; 5]; 8] = [
    ["basin", "bathtub", "mirror", "towel rail", "washstand"],
    ["bed", "bunk", "cot", "daybed", "headboard"],
    ["bench", "garden bench", "piano bench", "settle", "workbench"],
    ["armchair", "chair", "rocker", "stool", "throne"],
    ["desk", "lectern", "secretary", "standing desk", "writing table"],
    ["chandelier", "floor lamp", "lantern", "reading lamp", "sconce"],
    ["carpet", "doormat", "kilim", "rug", "runner"],
    ["bookcase", "cabinet", "rack", "shelf", "wardrobe"],
];
const MATERIALS: [&str; 16] = [
    "ash", "bamboo", "beech", "birch", "brass", "cherry", "copper", "cork", "glass", "linen", "maple", "oak", "pine",
    "steel", "walnut", "wool",
];
const STYLES: [&str; 20] = [
    "Alpine", "Antique", "Baltic", "Classic", "Compact", "Folding", "Gothic", "Grand", "Harbour", "Modern", "Nordic",
    "Plain", "Quiet", "Rustic", "Shaker", "Slim", "Studio", "Sunday", "Velvet", "Weekend",
];

/// One product.
#[derive(Debug, Clone)]
pub struct Product {
    /// Stock keeping unit: `SH-0001` to `SH-4000`.
    pub sku: String,
    /// Name for people, such as `Nordic oak bookcase 17`.
    pub name: String,
    /// One of [`CATEGORIES`].
    pub category: &'static str,
    /// Price with tax in euro cents.
    pub price_cents: u64,
    /// Weight with packaging in grams.
    pub weight_g: u64,
    /// Pieces in stock when the shop starts; 0 for each hundredth product.
    pub initial_stock: u32,
}

/// All products, sorted by SKU.
#[derive(Debug)]
pub struct Catalogue {
    products: Vec<Product>,
}

impl Catalogue {
    /// The shop's products.
    pub fn generate() -> Self {
        Self { products: (1..=PRODUCT_COUNT).map(product).collect() }
    }

    /// All products, sorted by SKU.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// Index and product of `sku`, which is matched exactly.
    pub fn find(&self, sku: &str) -> Option<(usize, &Product)> {
        let index = self.products.binary_search_by(|product| product.sku.as_str().cmp(sku)).ok()?;
        Some((index, self.products.get(index)?))
    }
}

fn product(number: u32) -> Product {
    let mixed = mix(u64::from(number));
    let category = pick(mixed, 8);
    let (material, style, noun) = (pick(mixed >> 8, 16), pick(mixed >> 16, 20), pick(mixed >> 24, 5));
    Product {
        sku: format!("SH-{number:04}"),
        name: format!("{} {} {} {}", STYLES[style], MATERIALS[material], NOUNS[category][noun], number % 97),
        category: CATEGORIES[category],
        price_cents: 490 + (mixed >> 32) % 400 * 50,
        weight_g: 200 + (mixed >> 40) % 120 * 100,
        initial_stock: if number.is_multiple_of(100) { 0 } else { 20 + number % 80 },
    }
}

fn pick(mixed: u64, len: u64) -> usize {
    usize::try_from(mixed % len).unwrap_or(0)
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): spreads neighbouring numbers.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_found_by_their_exact_sku() {
        let catalogue = Catalogue::generate();
        assert_eq!(catalogue.find("SH-0001").map(|(index, _)| index), Some(0));
        assert_eq!(catalogue.find("SH-4000").map(|(index, _)| index), Some(3_999));
        assert!(catalogue.find("SH-4001").is_none());
        assert!(catalogue.find("sh-0001").is_none());
    }

    #[test]
    fn every_hundredth_product_is_out_of_stock_and_no_other() {
        for (index, product) in Catalogue::generate().products().iter().enumerate() {
            assert_eq!(product.initial_stock == 0, (index + 1) % 100 == 0, "{}", product.sku);
        }
    }
}
