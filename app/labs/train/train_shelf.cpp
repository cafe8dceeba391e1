#include "app/labs/train/train_shelf.h"

#include <QApplication>
#include <QBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>

#include "app/labs/model_box.h"
#include "app/labs/time_text.h"
#include "app/labs/train/train_runs.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

enum Role { Directory = Qt::UserRole, State, Share };

constexpr int bar_height = 3, row_height = 64, tick_side = 16;

QString how_far(const TrainRun& run) {
    const auto& progress = run.status.progress;
    const auto& training = run.record.spec.training;
    if (!progress.predictor_ready)
        return TrainShelf::tr("predictor %L1 of %L2")
            .arg(progress.predictor_step)
            .arg(training.predictor_steps);
    return TrainShelf::tr("%L1 of %L2 steps").arg(progress.step).arg(training.steps);
}

QString state_text(const TrainRun& run) {
    if (!run.problem.isEmpty()) return TrainShelf::tr("cannot be read");
    switch (run.status.state) {
        case RunState::ready:
            return TrainShelf::tr("starts…");
        case RunState::finished:
            return TrainShelf::tr("%L1 steps, finished").arg(run.status.progress.step);
        case RunState::diverged:
            return TrainShelf::tr("diverged at step %L1").arg(run.status.progress.step);
        case RunState::failed:
            return TrainShelf::tr("failed at step %L1").arg(run.status.progress.step);
        case RunState::paused:
            return TrainShelf::tr("%1, stopped").arg(how_far(run));
        case RunState::training:
            break;
    }
    if (run.seconds_left < 0) return how_far(run);
    return TrainShelf::tr("%1, %2 left").arg(how_far(run), time_text(run.seconds_left));
}

/// Two lines, the configuration's dot, a tick, and how far it is as a thin bar.
class RunDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {200, row_height};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        QStyleOptionViewItem bare = option;
        initStyleOption(&bare, index);
        const QString name = bare.text;
        bare.text.clear();
        bare.icon = {};
        bare.features &= ~QStyleOptionViewItem::HasCheckIndicator;
        const auto* style = option.widget ? option.widget->style() : QApplication::style();
        style->drawControl(QStyle::CE_ItemViewItem, &bare, painter, option.widget);
        draw_tick(*painter, option, index);
        draw_text(*painter, option, index, name);
        draw_bar(*painter, option, index);
    }

protected:
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override {
        if (event->type() == QEvent::MouseButtonRelease || event->type() == QEvent::MouseButtonDblClick)
            if (!tick_rect(option.rect)
                     .adjusted(-6, -6, 6, 6)
                     .contains(static_cast<QMouseEvent*>(event)->position().toPoint()))
                return false;
        if (event->type() == QEvent::MouseButtonRelease) {
            const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
            return model->setData(index, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
        }
        return QStyledItemDelegate::editorEvent(event, model, option, index);
    }

private:
    static QRect tick_rect(const QRect& row) {
        return {row.right() - space::m - tick_side, row.top() + space::m + 2, tick_side, tick_side};
    }

    void draw_tick(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
        const bool chosen = option.state & QStyle::State_Selected;
        const bool on = chosen || index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        const auto colour =
            option.palette.color(chosen ? QPalette::HighlightedText : QPalette::PlaceholderText);
        const QRectF box = QRectF(tick_rect(option.rect)).adjusted(0.5, 0.5, -0.5, -0.5);
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, 1));
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(QPen(colour, 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const QPointF corner = box.topLeft();
        if (on)
            painter.drawPolyline(
                QPolygonF{corner + QPointF(3.5, 8), corner + QPointF(6.5, 11), corner + QPointF(11.5, 4.5)});
        painter.restore();
    }

    void draw_text(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                   const QString& name) const {
        const bool chosen = option.state & QStyle::State_Selected;
        const auto text = option.palette.color(chosen ? QPalette::HighlightedText : QPalette::Text);
        QRect line = option.rect.adjusted(space::l, space::m, -2 * space::m - tick_side, 0);
        line.setHeight(option.fontMetrics.height() + 2);
        const auto dot_icon = qvariant_cast<QIcon>(index.data(Qt::DecorationRole));
        dot_icon.paint(&painter, QRect(line.topLeft(), QSize(swatch_size.width(), line.height())),
                       Qt::AlignLeft | Qt::AlignVCenter);
        QFont bold = option.font;
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(text);
        const QRect first = line.adjusted(swatch_size.width() + space::s, 0, 0, 0);
        painter.drawText(first, Qt::AlignVCenter,
                         QFontMetrics(bold).elidedText(name, Qt::ElideMiddle, first.width()));
        painter.setFont(option.font);
        painter.setPen(chosen ? text : option.palette.color(QPalette::PlaceholderText));
        line = line.translated(0, line.height() + 2);
        line.setRight(option.rect.right() - space::m);
        painter.drawText(
            line, Qt::AlignVCenter,
            option.fontMetrics.elidedText(index.data(State).toString(), Qt::ElideRight, line.width()));
    }

    void draw_bar(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
        const bool chosen = option.state & QStyle::State_Selected;
        QRectF bar(option.rect.left() + space::l, option.rect.bottom() - space::m - bar_height + 2,
                   option.rect.width() - space::l - space::m, bar_height);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        auto ground = option.palette.color(QPalette::Mid);
        if (chosen) ground.setAlpha(110);
        painter.setBrush(ground);
        painter.drawRoundedRect(bar, 1.5, 1.5);
        bar.setWidth(bar.width() * index.data(Share).toDouble());
        painter.setBrush(option.palette.color(chosen ? QPalette::HighlightedText : QPalette::Highlight));
        painter.drawRoundedRect(bar, 1.5, 1.5);
    }
};

}  // namespace

TrainShelf::TrainShelf(TrainRuns& runs, QWidget* parent)
    : QFrame(parent),
      runs_(runs),
      list_(new QListWidget(this)),
      none_(new QLabel(this)),
      start_(new QPushButton(icon("plus", QPalette::HighlightedText), tr("New training"), this)) {
    setProperty("card", true);
    auto* title = new QLabel(tr("Trainings"), this);
    title->setProperty("heading", true);
    none_->setText(
        tr("What you train appears here, with its curves and samples, and stays when you close "
           "the program."));
    none_->setProperty("secondary", true);
    none_->setWordWrap(true);
    none_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    list_->setObjectName("train_list");
    list_->setItemDelegate(new RunDelegate(list_));
    list_->setAccessibleName(tr("Trainings"));
    list_->setToolTip(tr("What each training is and how far. The tick draws its curves beside the others'."));
    list_->setVerticalScrollMode(QListWidget::ScrollPerPixel);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    start_->setObjectName("train_new");
    start_->setProperty("primary", true);
    start_->setToolTip(tr("Choose what to learn, from which pictures and with which loss (Ctrl+N)."));
    connect(start_, &QPushButton::clicked, this, &TrainShelf::new_requested);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::l, space::l, space::l, space::l);
    column->setSpacing(space::m);
    column->addWidget(title);
    column->addWidget(none_, 1);
    column->addWidget(list_, 1);
    column->addWidget(start_);
    connect(list_, &QListWidget::currentRowChanged, this, &TrainShelf::current_changed);
    connect(list_, &QListWidget::itemClicked, this, &TrainShelf::chosen);
    connect(list_, &QListWidget::itemActivated, this, &TrainShelf::chosen);
    connect(list_, &QListWidget::itemChanged, this, &TrainShelf::drawn_changed);
    connect(&runs_, &TrainRuns::listed, this, &TrainShelf::list);
    connect(&runs_, &TrainRuns::changed, this, &TrainShelf::show_run);
    list();
}

void TrainShelf::list() {
    const QString before = current();
    const QStringList ticked = this->ticked();
    {
        const QSignalBlocker quiet(list_);
        list_->clear();
        for (const auto& run : runs_.runs()) {
            auto* item = new QListWidgetItem(list_);
            item->setData(Directory, run.directory);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
            item->setCheckState(ticked.contains(run.directory) ? Qt::Checked : Qt::Unchecked);
        }
    }
    for (const auto& run : runs_.runs()) show_run(run.directory);
    list_->setVisible(list_->count() > 0);
    none_->setVisible(list_->count() == 0);
    setFocusProxy(list_->count() > 0 ? static_cast<QWidget*>(list_) : start_);
    const int index = runs_.index_of(before);
    if (list_->count() > 0) list_->setCurrentRow(std::max(0, index));
    emit current_changed();
}

void TrainShelf::show_run(const QString& directory) {
    const int index = runs_.index_of(directory);
    auto* item = list_->item(index);
    if (!item) return;
    const TrainRun& run = runs_.runs()[index];
    const QSignalBlocker quiet(list_);
    const bool known = run.problem.isEmpty();
    item->setText(run.name());
    item->setIcon(known ? dot(configuration_colour(configuration_id(run.record.spec))) : QIcon());
    item->setData(State, state_text(run));
    item->setData(Share, known ? run.share() : 0.0);
    item->setToolTip(known ? tr("%1\n%2").arg(configuration_label(run.record.spec), run.directory)
                           : run.problem);
    item->setData(Qt::AccessibleTextRole, tr("%1, %2").arg(run.name(), state_text(run)));
    list_->viewport()->update();
}

QString TrainShelf::current() const {
    const auto* item = list_->currentItem();
    return item ? item->data(Directory).toString() : QString();
}

void TrainShelf::set_current(const QString& directory) {
    if (const int index = runs_.index_of(directory); index >= 0) list_->setCurrentRow(index);
}

QStringList TrainShelf::ticked() const {
    QStringList directories;
    for (int i = 0; i < list_->count(); ++i)
        if (list_->item(i)->checkState() == Qt::Checked)
            directories << list_->item(i)->data(Directory).toString();
    return directories;
}

QStringList TrainShelf::drawn() const {
    auto directories = ticked();
    if (!current().isEmpty() && !directories.contains(current())) directories << current();
    return directories;
}

}  // namespace modescope
