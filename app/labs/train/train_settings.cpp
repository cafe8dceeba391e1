#include "app/labs/train/train_settings.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QTableWidget>
#include <algorithm>

#include "core/training/field_text.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

enum Column { Name, Value, Help };

bool is_listed(const Field& field) {
    const bool weight = std::ranges::any_of(
        terms(), [&](const TermInfo& term) { return field.key == "objective." + term.id; });
    const char* elsewhere[] = {"data.source", "data.folder", "data.classes", "data.toy"};
    return !weight && std::ranges::find(elsewhere, field.key) == std::end(elsewhere);
}

}  // namespace

TrainSettings::TrainSettings(QWidget* parent)
    : QWidget(parent), filter_(new QLineEdit(this)), table_(new QTableWidget(0, 3, this)) {
    filter_->setObjectName("train_filter");
    filter_->setPlaceholderText(tr("Find a setting"));
    filter_->setClearButtonEnabled(true);
    filter_->setAccessibleName(tr("Find a setting"));
    filter_->setToolTip(tr("Shows the settings whose name or explanation has these letters."));
    connect(filter_, &QLineEdit::textChanged, this, &TrainSettings::filter);
    table_->setObjectName("train_settings");
    table_->setAccessibleName(tr("All settings"));
    table_->setToolTip(tr("Double click a value or press F2 to change it; changed ones are bold."));
    table_->setHorizontalHeaderLabels({tr("Setting"), tr("Value"), tr("What it does")});
    table_->verticalHeader()->hide();
    table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table_->horizontalHeader()->setSectionResizeMode(Help, QHeaderView::Stretch);
    table_->setColumnWidth(Name, 190);
    table_->setColumnWidth(Value, 110);
    table_->setShowGrid(false);
    table_->setWordWrap(false);
    table_->setMinimumHeight(220);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setTabKeyNavigation(false);
    for (const auto& field : fields())
        if (is_listed(field)) add_row(field);
    connect(table_, &QTableWidget::itemChanged, this, &TrainSettings::take);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::m);
    column->addWidget(filter_);
    column->addWidget(table_, 1);
}

void TrainSettings::add_row(const Field& field) {
    const int row = table_->rowCount();
    table_->insertRow(row);
    const auto key = QString::fromStdString(field.key), help = QString::fromStdString(field.help);
    const QString texts[] = {QString::fromStdString(field.label), {}, help};
    for (const int column : {Name, Value, Help}) {
        auto* item = new QTableWidgetItem(texts[column]);
        item->setData(Qt::UserRole, key);
        item->setToolTip(tr("%1\n%2").arg(key, help));
        if (column != Value) item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        table_->setItem(row, column, item);
    }
}

void TrainSettings::show_spec(const Spec& spec, const Spec& usual) {
    const QSignalBlocker quiet(table_);
    for (int row = 0; row < table_->rowCount(); ++row) {
        auto* value = table_->item(row, Value);
        const auto& field = find_field(value->data(Qt::UserRole).toString().toStdString());
        value->setText(QString::fromStdString(text_of(field.get(spec))));
        QFont font = table_->font();
        font.setBold(field.get(spec) != field.get(usual));
        for (const int column : {Name, Value}) table_->item(row, column)->setFont(font);
    }
    table_->viewport()->update();
}

void TrainSettings::filter(const QString& text) {
    for (int row = 0; row < table_->rowCount(); ++row) {
        const auto* name = table_->item(row, Name);
        const QString all =
            name->data(Qt::UserRole).toString() + ' ' + name->text() + ' ' + table_->item(row, Help)->text();
        table_->setRowHidden(row, !all.contains(text, Qt::CaseInsensitive));
    }
}

void TrainSettings::take(const QTableWidgetItem* item) {
    emit changed(item->data(Qt::UserRole).toString().toStdString(), item->text().trimmed().toStdString());
}

}  // namespace modescope
