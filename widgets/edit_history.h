#pragma once

#include <QRect>
#include <QUndoStack>
#include <cstddef>
#include <functional>
#include <vector>

#include "core/base/image.h"

namespace modescope {

/// A change that is done already, and how it is undone and redone.
struct Edit {
    QString text;  ///< "Paint", in the undo menu and the list
    std::function<void()> undo, redo;
    std::size_t bytes = 0;  ///< that it keeps in memory, about
};

/// An undo stack that is bounded in steps and in bytes: the oldest edits are forgotten.
class EditHistory {
public:
    static constexpr int most_edits = 1000;
    static constexpr std::size_t most_bytes = std::size_t{256} << 20;

    EditHistory() { stack_.setUndoLimit(most_edits); }

    void push(Edit edit);
    void clear() { stack_.clear(); }
    std::size_t bytes() const;
    /// For menus and lists; push to it by push() only.
    QUndoStack* stack() { return &stack_; }

private:
    void forget_oldest();

    QUndoStack stack_;
};

/// What changed between two maps of one size, kept in tiles of 16 × 16 pixels and only those that differ.
class TilePatch {
public:
    /// Looks for differences inside `area`, which lies inside the maps.
    TilePatch(const LabelMap& before, const LabelMap& after, QRect area);

    bool empty() const { return tiles_.empty(); }
    std::size_t bytes() const;
    /// Puts the pixels of before or after into a map of that size; the rectangle around the tiles.
    QRect put_before(LabelMap& map) const { return put(map, &Tile::before); }
    QRect put_after(LabelMap& map) const { return put(map, &Tile::after); }

private:
    struct Tile {
        int x, y;
        LabelMap before, after;
    };
    QRect put(LabelMap& map, LabelMap Tile::*version) const;

    std::vector<Tile> tiles_;
};

}  // namespace modescope
