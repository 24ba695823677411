//! The sheet with the crosshair, by which a workstation finds its printer's offsets.
//!
//! Pure.

use serde_json::json;

use super::leaf::{Dressing, Leaf, MM, millimetres};

/// The sheet, of the size of the vouchers' paper.
pub fn leaf(dressing: &Dressing) -> Leaf {
    let (width_um, height_um) = dressing.slip.paper_um();
    let words = [
        format!("纸张:{}", dressing.slip.label_zh()),
        format!("当前偏移:向右 {} 毫米,向下 {} 毫米", millimetres(dressing.right), millimetres(dressing.down)),
        "红十字应正对圆心。十字偏左 1 毫米,就把“向右”加 1.0;偏上 1 毫米,就把“向下”加 1.0。".to_owned(),
        "细线每格 10 毫米:量出来不是 10 毫米,请在打印机设置里选“实际大小”,不要缩放。".to_owned(),
    ];
    let data = json!({ "x": width_um / 2 / MM / 10 * 10 * MM, "y": 90 * MM, "words": words, "name": "十字" });
    Leaf { template: "trial", width_um, height_um, data }
}
