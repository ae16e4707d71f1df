//! The HTML page that the demo leaves.

use std::fmt::Write;

/// What one act shows.
pub(crate) struct Part {
    pub title: String,
    pub summary: String,
    pub groups: Vec<Group>,
    /// Pages that the tool wrote, beside this one: what each shows, and its file's name.
    pub links: Vec<(String, String)>,
    /// Output of the tool, as it stood in the log.
    pub log: String,
}

/// Bars that belong together.
pub(crate) struct Group {
    pub title: String,
    pub bars: Vec<Bar>,
}

/// One bar.
pub(crate) struct Bar {
    pub label: String,
    /// What is written beside it.
    pub value: String,
    /// Its length, from 0 to 1.
    pub share: f64,
}

/// Groups of bars of seconds: a title, and label and seconds of each bar. The longest of all fills the track.
pub(crate) fn of_seconds(groups: Vec<(String, Vec<(String, f64)>)>) -> Vec<Group> {
    let longest = groups.iter().flat_map(|group| &group.1).map(|bar| bar.1).fold(0.0, f64::max).max(0.001);
    let bar =
        |(label, seconds): (String, f64)| Bar { label, value: format!("{seconds:.2} s"), share: seconds / longest };
    groups.into_iter().map(|(title, bars)| Group { title, bars: bars.into_iter().map(bar).collect() }).collect()
}

/// The whole page: no script, no request, readable in print.
pub(crate) fn render(parts: &[Part]) -> String {
    let mut body = String::new();
    for part in parts {
        let _ = write!(body, "<h2>{}</h2><p>{}</p>", text(&part.title), text(&part.summary));
        for group in &part.groups {
            let _ = write!(body, "<h3>{}</h3><table>", text(&group.title));
            for bar in &group.bars {
                let width = 100.0 * bar.share.clamp(0.0, 1.0);
                let _ = write!(
                    body,
                    "<tr><th>{}</th><td class=\"track\"><div style=\"width:{width:.2}%\"></div></td><td class=\"s\">{}</td></tr>",
                    text(&bar.label),
                    text(&bar.value)
                );
            }
            body.push_str("</table>");
        }
        let links: Vec<String> =
            part.links.iter().map(|(label, file)| format!("<a href=\"{}\">{}</a>", text(file), text(label))).collect();
        if !links.is_empty() {
            let _ = write!(body, "<p>Pages that the tool wrote: {}</p>", links.join(" · "));
        }
        let _ = write!(body, "<pre>{}</pre>", text(&part.log));
    }
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Roadcrew demo</title><style>\
         body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430;background:#fbfbf8}}\
         h1{{margin-bottom:0}}table{{width:100%;border-spacing:0 .3rem}}th{{width:11rem;text-align:left;font-weight:500}}\
         .track{{background:#e8e8e2}}.track div{{background:#0b7a5b;height:1.1rem}}.s{{width:9rem;text-align:right;font-variant-numeric:tabular-nums}}\
         pre{{background:#1c2430;color:#eef;padding:1rem;overflow:auto;font-size:13px}}</style>\
         <h1>Roadcrew</h1><p>What this machine just played.</p>{body}</html>\n"
    )
}

fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_track_and_texts_are_escaped() {
        let groups = of_seconds(vec![("a".into(), vec![("w".into(), 1.0)]), ("b".into(), vec![("<w>".into(), 4.0)])]);
        assert!((groups[0].bars[0].share - 0.25).abs() < 1e-9 && groups[1].bars[0].value == "4.00 s");
        let links = vec![("\"page\"".to_owned(), "a.html".to_owned())];
        let page = render(&[Part { title: "t".into(), summary: "s".into(), groups, links, log: "x & y".into() }]);
        assert!(page.contains("width:25.00%") && page.contains("width:100.00%") && page.contains("&lt;w&gt;"));
        assert!(page.contains("<a href=\"a.html\">&quot;page&quot;</a>") && page.contains("x &amp; y"));
    }
}
