#pragma once

#include <QPolygonF>
#include <QString>
#include <span>

#include "widgets/edit_history.h"
#include "widgets/label_paint.h"

namespace modescope {

enum class PaintTool {
    Brush,
    Eraser,
    Fill,
    Line,
    Rectangle,
    Ellipse,
    Polygon,
    Lasso,
    Eyedropper,
    Pan,
    Photo
};

/// What the pointer does while a tool is used.
enum class Gesture {
    Stroke,   ///< every move paints on, never back
    Shape,    ///< a drag from the first to the last point; shown live, painted anew at every move
    Outline,  ///< a drag whose whole way counts
    Corners,  ///< a click a corner
    Click,    ///< done at the press
    View,     ///< moves what is seen, paints nothing
};

/// Where a tool was, in label pixels, and how it is held.
struct Marks {
    QPolygonF points;      ///< at least one
    int size = 1;          ///< of the brush, pixels
    bool regular = false;  ///< straight lines at steps of 45 degrees, squares, circles
};

/// A tool: what it is called and which pixels its marks cover.
struct ToolInfo {
    PaintTool tool;
    QString id, name, icon;
    int key;
    Gesture gesture;
    Region (*region)(const Marks& marks, const LabelMap& map);  ///< null for tools that do not paint
    QString help;                                               ///< one or two sentences
};

/// In the order in which they are shown.
std::span<const ToolInfo> paint_tools();
const ToolInfo& info(PaintTool tool);

/// One use of a painting tool on a map, from press to release. All points are label pixels.
class LabelStroke {
public:
    /// Paints nothing yet. `map` is looked at only here.
    LabelStroke(const ToolInfo& tool, const LabelMap& map, QPointF start, std::uint8_t label,
                const Locks& locked);

    const ToolInfo& tool() const { return tool_; }
    const QPolygonF& points() const { return marks_.points; }
    /// The pointer is here now. What has to be shown anew.
    QRect extend(LabelMap& map, QPointF to, int size, bool regular);
    void fix_corner() { marks_.points.push_back(marks_.points.back()); }
    QRect drop_corner(LabelMap& map);
    /// Takes everything back.
    QRect cancel(LabelMap& map) { return put_back(map); }
    TilePatch patch(const LabelMap& map) const { return {before_, map, touched_}; }

private:
    QRect put_back(LabelMap& map);
    QRect paint_anew(LabelMap& map);

    const ToolInfo& tool_;
    LabelMap before_;
    Marks marks_;
    std::uint8_t label_;
    Locks locked_;
    QRect touched_;
};

}  // namespace modescope
