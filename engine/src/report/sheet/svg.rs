//! A sheet as a picture: a week map for each calendar and term, and a strip for each day that differs.
//!
//! In: a sheet and the name of the policy. Out: SVG with a title, a description and a style for light and dark.
//! Refuses to rely on colour: what is in a calendar is a filled bar with its times written in or beside it.

use super::{days, has_week, hours, kind, length, weekday, weekly};
use crate::render::{visible, wrap};
use crate::sheet::{Minutes, Sheet, Week};
use crate::space::civil;

const WIDTH: usize = 1070;
const LEFT: usize = 256;
const HOUR: usize = 32;
const ROW: usize = 24;
const BAR: usize = 16;
/// Characters of a line of small text across the picture.
const LINE: usize = 150;
/// Most strips of days that differ in one map; the rest is counted.
const MOST_STRIPS: usize = 60;

const STYLE: &str = "\
svg{font:13px system-ui,sans-serif}.p{fill:#fff}text{fill:#1c2430}.h1{font-size:19px;font-weight:600}\
.h2{font-size:16px;font-weight:600}.s{font-size:12px;fill:#5b6472}.e{fill:#f3f5f8;stroke:#d5dae1}.f{fill:#1f5fa8}\
.o{fill:#fff;font-size:11px}.g{stroke:#d5dae1}.r{text-anchor:end}.m{text-anchor:middle}\
@media (prefers-color-scheme:dark){.p{fill:#14181e}text{fill:#e6e9ee}.s{fill:#a2abb8}.e{fill:#1e242c;stroke:#39414d}\
.f{fill:#7db2ee}.o{fill:#0d1218}.g{stroke:#39414d}}";

/// The whole sheet.
#[must_use]
pub fn svg(sheet: &Sheet, policy: &str) -> String {
    let mut draw = Draw { y: 34, out: String::new() };
    let title = format!("{}: the hours of a year", visible(policy));
    draw.text(16, "h1", &title);
    let span = format!("Twelve months from {} to {}", civil::date_text(sheet.from), civil::date_text(sheet.to));
    draw.down(22);
    draw.text(16, "s", &span);
    draw.down(22);
    draw.legend();
    for week in &sheet.weeks {
        draw.week(week);
    }
    for name in &sheet.outside {
        draw.down(26);
        draw.text(16, "s", &format!("{} is kept outside: what is in it stands in no policy.", visible(name)));
    }
    if sheet.weeks.is_empty() {
        draw.down(26);
        draw.text(16, "s", "No calendar and no term of this policy asks a moment alone.");
    }
    let height = draw.y + 24;
    let described: Vec<String> = sheet.weeks.iter().map(describe).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"p\" width=\"{WIDTH}\" height=\"{height}\"/>\n{}</svg>\n",
        safe(&title),
        safe(&format!("{span}. {}", described.join(" "))),
        draw.out
    )
}

/// A week in sentences, for who does not see the picture.
fn describe(week: &Week) -> String {
    let days: Vec<String> = week
        .days
        .iter()
        .zip(0u8..)
        .map(|(minutes, number)| format!("{} {}", weekday(number), hours(minutes)))
        .collect();
    let differ = match week.exceptions.len() {
        0 => "no day differs".to_string(),
        1 => "one stretch of days differs".to_string(),
        many => format!("{many} stretches of days differ"),
    };
    format!("{} {}: {}; {differ}.", kind(week), visible(&week.name), days.join(", "))
}

/// A picture that grows downwards.
struct Draw {
    y: usize,
    out: String,
}

impl Draw {
    fn down(&mut self, by: usize) {
        self.y += by;
    }

    fn text(&mut self, x: usize, class: &str, text: &str) {
        self.out.push_str(&format!("<text x=\"{x}\" y=\"{}\" class=\"{class}\">{}</text>\n", self.y, safe(text)));
    }

    fn legend(&mut self) {
        let y = self.y - 11;
        self.out.push_str(&format!("<rect class=\"f\" x=\"16\" y=\"{y}\" width=\"26\" height=\"13\" rx=\"2\"/>\n"));
        self.text(48, "s", "in it");
        self.out.push_str(&format!("<rect class=\"e\" x=\"96\" y=\"{y}\" width=\"26\" height=\"13\" rx=\"2\"/>\n"));
        self.text(128, "s", "not in it");
        self.text(200, "s", "The end of a bar is the first minute outside.");
    }

    fn week(&mut self, week: &Week) {
        self.down(42);
        self.text(16, "h2", &format!("{} ({})", visible(&week.name), kind(week)));
        for line in wrap(&visible(&week.text), LINE, LINE) {
            self.down(17);
            self.text(16, "s", &line);
        }
        self.down(17);
        let lengths = match has_week(week) {
            true => {
                format!("{} in an ordinary week, {} in these twelve months", length(weekly(week)), length(week.minutes))
            }
            false => format!("No ordinary week: single days only, {} in these twelve months", length(week.minutes)),
        };
        self.text(16, "s", &lengths);
        self.down(4);
        if has_week(week) {
            self.ruler();
            for (minutes, number) in week.days.iter().zip(0u8..) {
                self.strip(&weekday(number), minutes, "");
            }
        }
        if !week.exceptions.is_empty() {
            self.down(26);
            self.text(16, "s", if has_week(week) { "Days that differ" } else { "Single days" });
            if !has_week(week) {
                self.ruler();
            } else {
                self.down(8);
            }
            for exception in week.exceptions.iter().take(MOST_STRIPS) {
                self.strip(&days(exception), &exception.minutes, &exception.words);
            }
            if week.exceptions.len() > MOST_STRIPS {
                self.down(20);
                self.text(
                    16,
                    "s",
                    &format!("and {} more; the text form lists all", week.exceptions.len() - MOST_STRIPS),
                );
            }
        }
    }

    fn ruler(&mut self) {
        self.down(24);
        for hour in (0..=24).step_by(3) {
            let x = LEFT + hour * HOUR;
            self.out.push_str(&format!("<text class=\"s m\" x=\"{x}\" y=\"{}\">{hour:02}:00</text>\n", self.y));
        }
        self.down(6);
    }

    /// One day: its name, a bar for every interval, times where there is room.
    fn strip(&mut self, label: &str, minutes: &Minutes, words: &str) {
        let y = self.y;
        let said = if words.is_empty() { hours(minutes) } else { words.to_string() };
        self.out.push_str(&format!("<g><title>{}: {}</title>\n", safe(label), safe(&said)));
        self.out.push_str(&format!("<text class=\"r\" x=\"{}\" y=\"{}\">{}</text>\n", LEFT - 12, y + 13, safe(label)));
        self.out.push_str(&format!(
            "<rect class=\"e\" x=\"{LEFT}\" y=\"{y}\" width=\"{}\" height=\"{BAR}\"/>\n",
            24 * HOUR
        ));
        for hour in (3..24).step_by(3) {
            let x = LEFT + hour * HOUR;
            self.out.push_str(&format!("<path class=\"g\" d=\"M{x} {y}v{BAR}\"/>\n"));
        }
        if minutes.is_empty() {
            let x = LEFT + 12 * HOUR;
            self.out.push_str(&format!("<text class=\"s m\" x=\"{x}\" y=\"{}\">no time of day</text>\n", y + 12));
        }
        for &(from, until) in minutes {
            let (start, width) = (at(from), at(until) - at(from));
            self.out.push_str(&format!(
                "<rect class=\"f\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{BAR}\" rx=\"2\"/>\n",
                tenths(start),
                tenths(width)
            ));
            let times = hours(&vec![(from, until)]);
            if width > 10 * 7 * times.chars().count() {
                self.out.push_str(&format!(
                    "<text class=\"o m\" x=\"{}\" y=\"{}\">{times}</text>\n",
                    tenths(start + width / 2),
                    y + 12
                ));
            } else {
                self.beside(&times, from, until, minutes);
            }
        }
        self.out.push_str("</g>\n");
        self.down(ROW);
    }

    /// The times of a bar too short to hold them, on the side where nothing else is.
    fn beside(&mut self, times: &str, from: u16, until: u16, minutes: &Minutes) {
        let room = 10 * 7 * times.chars().count() + 60;
        let after = minutes.iter().map(|span| span.0).find(|&start| start >= until).map_or(at(1440), at);
        let before = minutes.iter().rev().map(|span| span.1).find(|&end| end <= from).map_or(at(0), at);
        let (x, class) = match (after - at(until) > room, at(from) - before > room) {
            (true, _) => (at(until) + 50, "s"),
            (false, true) => (at(from) - 50, "s r"),
            (false, false) => return,
        };
        self.out.push_str(&format!(
            "<text class=\"{class}\" x=\"{}\" y=\"{}\">{times}</text>\n",
            tenths(x),
            self.y + 12
        ));
    }
}

/// Where a minute stands, in tenths of a pixel: whole numbers print alike everywhere.
fn at(minute: u16) -> usize {
    10 * LEFT + usize::from(minute) * HOUR * 10 / 60
}

fn tenths(x: usize) -> String {
    if x.is_multiple_of(10) { (x / 10).to_string() } else { format!("{}.{}", x / 10, x % 10) }
}

fn safe(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
