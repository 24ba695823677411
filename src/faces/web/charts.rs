//! Charts of pages: drawn here as SVG without a script, each with its figures as a table beneath it (S02).
//!
//! Pure.
//!
//! 1. The table holds the figures to the fen; the drawing rounds to pixels and says nothing the table does not.
//! 2. Only digits stand in the drawing; words stand around it, so no font has to be measured.

use charts_rs::{BarChart, LineChart};
use serde_json::{Value, json};

use super::table::{Head, Table, Td};
use crate::db::Failure;
use crate::money::Amount;

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Side by side.
    Bars,
    /// From point to point.
    Lines,
}

/// A chart.
#[derive(Debug, Clone)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// Its series.
    pub legend: Vec<&'static str>,
    /// The drawing.
    pub svg: String,
    /// Its figures.
    pub table: Table,
}

/// The colours of the series, in their order; `office.css` has the same for the legend.
const COLOURS: [&str; 2] = ["#1f5c99", "#c77700"];

/// What is drawn: a title, the word for the points, the points and their series.
#[derive(Debug, Clone)]
pub struct Drawn<'a> {
    /// What it shows.
    pub title: &'a str,
    /// What the points are.
    pub points: &'a str,
    /// The points, in digits.
    pub labels: Vec<String>,
    /// The series with a figure for every point.
    pub series: [(&'static str, Vec<Amount>); 2],
}

impl Drawn<'_> {
    /// True if there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|(_, figures)| figures.iter().all(|figure| figure.is_zero()))
    }

    /// Draws it.
    pub fn chart(&self, look: Look) -> Result<Chart, Failure> {
        let failed = |cause: String| Failure::Damaged(format!("chart {}: {cause}", self.title));
        let wanted = self.wanted(look)?.to_string();
        let svg = match look {
            Look::Bars => BarChart::from_json(&wanted).and_then(|chart| chart.svg()),
            Look::Lines => LineChart::from_json(&wanted).and_then(|chart| chart.svg()),
        };
        let svg = svg.map_err(|cause| failed(cause.to_string()))?.replacen("<svg ", "<svg aria-hidden=\"true\" ", 1);
        Ok(Chart {
            title: self.title.to_owned(),
            legend: self.series.iter().map(|(word, _)| *word).collect(),
            svg,
            table: self.table(),
        })
    }

    fn wanted(&self, look: Look) -> Result<Value, Failure> {
        let number = |figure: &Amount| serde_json::from_str::<Value>(&figure.to_string());
        let mut series = Vec::new();
        for (at, (word, figures)) in self.series.iter().enumerate() {
            let data = figures.iter().map(number).collect::<Result<Vec<_>, _>>();
            let data = data.map_err(|cause| Failure::Damaged(cause.to_string()))?;
            let mut one = json!({ "name": word, "data": data });
            if look == Look::Lines && at > 0 {
                one["stroke_dash_array"] = json!("6,3");
            }
            series.push(one);
        }
        let axis = json!({ "axis_font_color": "#5b6875", "axis_font_size": 12, "axis_formatter": "{t}", "axis_split_number": 4 });
        Ok(json!({
            "width": 520, "height": 200, "compact": true, "legend_show": false, "font_family": "sans-serif",
            "margin": { "left": 4, "top": 12, "right": 8, "bottom": 4 }, "grid_stroke_color": "#dde3e9",
            "x_axis_font_color": "#5b6875", "x_axis_font_size": 12, "series_colors": COLOURS, "y_axis_configs": [axis],
            "x_axis_data": self.labels, "series_list": series,
        }))
    }

    fn table(&self) -> Table {
        let head = |text: &str, figure: bool| Head { text: text.to_owned(), figure };
        let heads = std::iter::once(head(self.points, false)).chain(self.series.iter().map(|(word, _)| head(word, true)));
        let figure = |amount: Amount| Td { text: amount.grouped(), figure: true, red: amount.is_negative(), ..Td::default() };
        let row = |(at, label): (usize, &String)| {
            let label = Td { text: label.clone(), ..Td::default() };
            let figures = self.series.iter().filter_map(|(_, figures)| figures.get(at).copied());
            std::iter::once(label).chain(figures.map(figure)).collect()
        };
        let rows = self.labels.iter().enumerate().map(row).collect();
        Table { title: self.title.to_owned(), heads: heads.collect(), rows, ..Table::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_small_and_says_what_its_table_says() {
        let fen = |figures: [i64; 3]| figures.map(Amount::from_fen).to_vec();
        let series = [("收入", fen([120_050, 0, 90_000_001])), ("支出<b>", fen([5, 7_000, -30]))];
        let drawn = Drawn { title: "收支", points: "月", labels: ["1", "2", "3"].map(str::to_owned).to_vec(), series };
        for look in [Look::Bars, Look::Lines] {
            let chart = drawn.chart(look).unwrap();
            assert!(chart.svg.starts_with("<svg aria-hidden=\"true\" ") && chart.svg.len() < 4_000, "{}", chart.svg.len());
            assert!(!chart.svg.contains("<b>") && !chart.svg.contains("style="), "{}", chart.svg);
            assert_eq!(chart.table.rows[2].iter().map(|td| td.text.as_str()).collect::<Vec<_>>(), ["3", "900,000.01", "-0.30"]);
        }
        let empty = Drawn { series: [("收入", fen([0; 3])), ("支出", fen([0; 3]))], ..drawn };
        assert!(empty.is_empty());
    }
}
