#include "app/labs/paint/layout_picker.h"

#include <QBoxLayout>
#include <QListWidget>
#include <QScreen>
#include <QScrollBar>

#include "app/labs/paint/paint_board.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int columns = 4, pictures = 12, side = 80;
constexpr int empty_seed = 0;  // of the item for an empty drawing; examples count from 1

QImage scaled(const QImage& picture, qreal ratio) {
    QImage pixels = picture.scaled(QSize(side, side) * ratio, Qt::IgnoreAspectRatio, Qt::FastTransformation);
    pixels.setDevicePixelRatio(ratio);
    return pixels;
}

QIcon thumbnail(const QImage& picture) {
    const QPixmap pixels = QPixmap::fromImage(picture);
    QIcon icon(pixels);
    icon.addPixmap(pixels, QIcon::Selected);  // not tinted
    return icon;
}

}  // namespace

LayoutPicker::LayoutPicker(PaintBoard* board, QWidget* parent)
    : QFrame(parent, Qt::Popup), board_(board), list_(new QListWidget(this)) {
    setObjectName("layout_picker");
    setFrameShape(QFrame::StyledPanel);
    setAttribute(Qt::WA_WindowPropagation);
    list_->setObjectName("layout_list");
    list_->setAccessibleName(tr("Layouts to begin with"));
    list_->setToolTip(tr("Take one with a click or Enter; undo brings your drawing back."));
    list_->setViewMode(QListView::IconMode);
    list_->setMovement(QListView::Static);
    list_->setResizeMode(QListView::Adjust);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setIconSize({side, side});
    list_->setGridSize({side + space::m, side + space::m});
    list_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setFixedSize(columns * (side + space::m) + space::s,
                        (pictures / columns) * (side + space::m) + space::s);
    connect(list_, &QListWidget::itemClicked, this, &LayoutPicker::take);
    connect(list_, &QListWidget::itemActivated, this, &LayoutPicker::take);
    list_->installEventFilter(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::m, space::m, space::m, space::m);
    layout->addWidget(list_);
    setFocusProxy(list_);
}

LayoutPicker::~LayoutPicker() { stop_drawing(); }

void LayoutPicker::fill() {
    stop_drawing();
    list_->clear();
    QImage blank(1, 1, QImage::Format_RGB32);
    blank.fill(palette().color(QPalette::AlternateBase));
    for (int seed = board_->can_be_empty() ? empty_seed : 1; list_->count() < pictures; ++seed) {
        const QImage& picture = seed == empty_seed ? board_->empty_preview() : blank;
        auto* item = new QListWidgetItem(thumbnail(scaled(picture, devicePixelRatioF())), {}, list_);
        item->setData(Qt::UserRole, seed);
        item->setData(Qt::AccessibleTextRole, seed == empty_seed ? tr("Empty") : tr("Layout %1").arg(seed));
        item->setToolTip(item->data(Qt::AccessibleTextRole).toString());
    }
    list_->setCurrentRow(0);
    draw_pictures();
}

void LayoutPicker::draw_pictures() {
    std::vector<std::pair<int, std::uint64_t>> rows;
    for (int row = 0; row < list_->count(); ++row)
        if (const int seed = list_->item(row)->data(Qt::UserRole).toInt(); seed != empty_seed)
            rows.emplace_back(row, seed);
    painter_ = QThread::create([this, rows, draw = board_->previewer(), ratio = devicePixelRatioF()] {
        for (const auto& [row, seed] : rows) {
            if (QThread::currentThread()->isInterruptionRequested()) return;
            QMetaObject::invokeMethod(
                this, [this, row = row, picture = scaled(draw(seed), ratio), by = QThread::currentThread()] {
                    if (painter_ == by) list_->item(row)->setIcon(thumbnail(picture));
                });
        }
    });
    connect(painter_, &QThread::finished, painter_, &QObject::deleteLater);
    painter_->start();
}

void LayoutPicker::stop_drawing() {
    if (!painter_) return;
    painter_->requestInterruption();
    painter_->wait();
    painter_.clear();
}

void LayoutPicker::open_at(QWidget& at) {
    fill();
    adjustSize();
    const QRect room = at.screen()->availableGeometry();
    const QPoint corner = at.mapToGlobal(QPoint(at.width() - width(), -height() - space::s));
    const int below = at.mapToGlobal(QPoint(0, at.height() + space::s)).y();
    move(std::max(room.left(), corner.x()), corner.y() >= room.top() ? corner.y() : below);
    show();
    list_->setFocus();
}

/// While it is open its keys are its own, not commands of the page behind it.
bool LayoutPicker::eventFilter(QObject*, QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) event->accept();
    return false;
}

void LayoutPicker::take(QListWidgetItem* item) {
    if (!isVisible()) return;  // a click may activate too
    hide();
    const int seed = item->data(Qt::UserRole).toInt();
    seed == empty_seed ? board_->clear() : board_->show_example(static_cast<std::uint64_t>(seed));
}

}  // namespace modescope
