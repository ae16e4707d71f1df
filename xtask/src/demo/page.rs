//! The HTML page that the demo leaves.

use std::fmt::Write;

/// What one act shows.
pub(crate) struct Part {
    pub title: String,
    pub summary: String,
    /// Groups of bars: a title, and label and seconds of each bar.
    pub groups: Vec<(String, Vec<(String, f64)>)>,
    /// Output of the tool, as it stood in the log.
    pub log: String,
}

/// The whole page: no script, no request, readable in print.
pub(crate) fn render(parts: &[Part]) -> String {
    let mut body = String::new();
    for part in parts {
        let _ = write!(body, "<h2>{}</h2><p>{}</p>", text(&part.title), text(&part.summary));
        let longest = part.groups.iter().flat_map(|group| &group.1).map(|bar| bar.1).fold(0.0, f64::max).max(0.001);
        for (title, bars) in &part.groups {
            let _ = write!(body, "<h3>{}</h3><table>", text(title));
            for (label, seconds) in bars {
                let width = 100.0 * seconds / longest;
                let _ = write!(
                    body,
                    "<tr><th>{}</th><td class=\"track\"><div style=\"width:{width:.2}%\"></div></td><td class=\"s\">{seconds:.2} s</td></tr>",
                    text(label)
                );
            }
            body.push_str("</table>");
        }
        let _ = write!(body, "<pre>{}</pre>", text(&part.log));
    }
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Roadcrew demo</title><style>\
         body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430;background:#fbfbf8}}\
         h1{{margin-bottom:0}}table{{width:100%;border-spacing:0 .3rem}}th{{width:8rem;text-align:left;font-weight:500}}\
         .track{{background:#e8e8e2}}.track div{{background:#0b7a5b;height:1.1rem}}.s{{width:6rem;text-align:right;font-variant-numeric:tabular-nums}}\
         pre{{background:#1c2430;color:#eef;padding:1rem;overflow:auto;font-size:13px}}</style>\
         <h1>Roadcrew</h1><p>What this machine just played.</p>{body}</html>\n"
    )
}

fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
