#include "widgets/edit_history.h"

#include <QUndoCommand>
#include <memory>
#include <utility>
#include <vector>

#include "widgets/label_paint.h"

namespace modescope {
namespace {

constexpr int tile_side = 16;

/// The stack redoes what is pushed, but that is done already.
class Command : public QUndoCommand {
public:
    explicit Command(std::shared_ptr<const Edit> edit) : QUndoCommand(edit->text), edit_(std::move(edit)) {}

    void undo() override { edit_->undo(); }
    void redo() override {
        if (!std::exchange(pushed_, true)) return;
        edit_->redo();
    }
    const std::shared_ptr<const Edit>& edit() const { return edit_; }

private:
    std::shared_ptr<const Edit> edit_;
    bool pushed_ = false;
};

const std::shared_ptr<const Edit>& edit_at(const QUndoStack& stack, int index) {
    return static_cast<const Command*>(stack.command(index))->edit();
}

}  // namespace

void EditHistory::push(Edit edit) {
    stack_.push(new Command(std::make_shared<const Edit>(std::move(edit))));
    if (bytes() > most_bytes) forget_oldest();
}

std::size_t EditHistory::bytes() const {
    std::size_t sum = 0;
    for (int i = 0; i < stack_.count(); ++i) sum += edit_at(stack_, i)->bytes;
    return sum;
}

/// A QUndoStack cannot drop its oldest commands, so the newest are pushed again. Half of the room is kept,
/// so that this is rare.
void EditHistory::forget_oldest() {
    std::vector<std::shared_ptr<const Edit>> kept;
    std::size_t sum = 0;
    for (int i = stack_.count() - 1; i >= 0; --i) {
        sum += edit_at(stack_, i)->bytes;
        if (sum > most_bytes / 2 && !kept.empty()) break;
        kept.push_back(edit_at(stack_, i));
    }
    stack_.clear();
    for (auto edit = kept.rbegin(); edit != kept.rend(); ++edit) stack_.push(new Command(*edit));
    stack_.resetClean();  // what was saved lies before all that is left
}

TilePatch::TilePatch(const LabelMap& before, const LabelMap& after, QRect area) {
    if (area.isEmpty()) return;
    const QRect map(0, 0, after.width, after.height);
    for (int y = area.top() / tile_side * tile_side; y <= area.bottom(); y += tile_side)
        for (int x = area.left() / tile_side * tile_side; x <= area.right(); x += tile_side) {
            const QRect tile = QRect(x, y, tile_side, tile_side) & map;
            auto old = crop(before, tile), now = crop(after, tile);
            if (old != now) tiles_.push_back({x, y, std::move(old), std::move(now)});
        }
}

std::size_t TilePatch::bytes() const {
    std::size_t sum = sizeof(*this);
    for (const Tile& tile : tiles_) sum += sizeof(tile) + 2 * tile.before.data.size();
    return sum;
}

QRect TilePatch::put(LabelMap& map, LabelMap Tile::*version) const {
    QRect area;
    for (const Tile& tile : tiles_) {
        const LabelMap& patch = tile.*version;
        paste(map, {tile.x, tile.y}, patch);
        area |= QRect(tile.x, tile.y, patch.width, patch.height);
    }
    return area;
}

}  // namespace modescope
