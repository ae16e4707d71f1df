//! The administrator's reports: the slow pages of the shop.

use std::fmt::Write;

use quick_xml::escape::escape;

use super::catalogue::{CATEGORIES, Catalogue, Product};

/// Names of two products of one category that differ by at most this many letters are reported as possible duplicates.
pub const DUPLICATE_DISTANCE: usize = 2;

/// HTML table of the whole stock with the value of each line, and the sums of each category. `stock` is by catalogue
/// index.
pub fn stock(catalogue: &Catalogue, stock: &[u32]) -> String {
    let mut html = String::from("<h1>Stock report</h1>\n<table>\n");
    for (product, pieces) in catalogue.products().iter().zip(stock) {
        let value = Euros(product.price_cents * u64::from(*pieces));
        // Writing to a String can't fail.
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td>{}</td><td>{pieces}</td><td>{value}</td></tr>",
            product.sku,
            escape(product.name.as_str())
        );
    }
    html.push_str("</table>\n<table>\n");
    for category in CATEGORIES {
        let lines = catalogue.products().iter().zip(stock).filter(|(product, _)| product.category == category);
        let sum = lines.map(|(product, pieces)| product.price_cents * u64::from(*pieces)).sum();
        let _ = writeln!(html, "<tr><th>{category}</th><td>{}</td></tr>", Euros(sum));
    }
    html.push_str("</table>\n");
    html
}

/// HTML list of the products of `category` whose names are nearly the same. Compares every pair.
pub fn duplicates(catalogue: &Catalogue, category: &str) -> String {
    let products: Vec<&Product> = catalogue.products().iter().filter(|product| product.category == category).collect();
    let mut html = format!("<h1>Possible duplicates: {}</h1>\n<ul>\n", escape(category));
    let mut compared = 0_u64;
    for (index, first) in products.iter().enumerate() {
        for second in products.iter().skip(index + 1) {
            compared += 1;
            // Names that differ more in length than in letters can't be near each other, and most pairs end here.
            if first.name.len().abs_diff(second.name.len()) <= DUPLICATE_DISTANCE
                && strsim::osa_distance(&first.name, &second.name) <= DUPLICATE_DISTANCE
            {
                let _ = writeln!(
                    html,
                    "<li>{} {} / {} {}</li>",
                    first.sku,
                    escape(first.name.as_str()),
                    second.sku,
                    escape(second.name.as_str())
                );
            }
        }
    }
    let _ = writeln!(html, "</ul>\n<p>{compared} pairs compared</p>");
    html
}

/// The catalogue as CSV with a header line: SKU, name, category, price in cents, weight in grams, stock.
pub fn catalogue_csv(catalogue: &Catalogue, stock: &[u32]) -> String {
    let mut csv = String::from("sku,name,category,price_cents,weight_g,stock\n");
    for (product, pieces) in catalogue.products().iter().zip(stock) {
        let Product { sku, name, category, price_cents, weight_g, .. } = product;
        // No name holds a comma or a quote, which the test below sees to, so nothing needs quoting.
        let _ = writeln!(csv, "{sku},{name},{category},{price_cents},{weight_g},{pieces}");
    }
    csv
}

/// An amount in euro cents that prints as `12.34 €`.
#[derive(Debug, Clone, Copy)]
pub struct Euros(pub u64);

impl std::fmt::Display for Euros {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{:02} €", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_have_a_line_for_every_product() {
        let catalogue = Catalogue::generate();
        let pieces = vec![1; catalogue.products().len()];
        assert_eq!(stock(&catalogue, &pieces).matches("<tr><td>").count(), 4_000);
        let csv = catalogue_csv(&catalogue, &pieces);
        assert_eq!(csv.lines().count(), 4_001);
        assert!(csv.lines().all(|line| line.split(',').count() == 6 && !line.contains('"')));
    }

    #[test]
    fn euros_have_two_decimals() {
        assert_eq!(Euros(5).to_string(), "0.05 €");
        assert_eq!(Euros(123_456).to_string(), "1234.56 €");
    }
}
