#include "app/labs/quiz/quiz_results.h"

#include <QAction>
#include <QBoxLayout>
#include <QEvent>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/labs/file_dialog.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/metrics/realism_file.h"
#include "widgets/interval_chart.h"
#include "widgets/theme.h"
#include "widgets/tile_grid.h"

namespace modescope {
namespace {

constexpr std::size_t tiles_shown = 8;

/// Escape is the trial's.
QKeySequence back_key() { return QKeySequence::Back; }

struct Column {
    const char* name;
    const char* help;
};
constexpr Column columns[] = {
    {QT_TRANSLATE_NOOP("QuizResults", "Model"), QT_TRANSLATE_NOOP("QuizResults", "Who made the pictures.")},
    {QT_TRANSLATE_NOOP("QuizResults", "Realism"),
     QT_TRANSLATE_NOOP("QuizResults", "2(1 − F): 0 always recognised as fake, 1 no better than guessing.")},
    {QT_TRANSLATE_NOOP("QuizResults", "95 %"),
     QT_TRANSLATE_NOOP("QuizResults",
                       "Where the realism would lie with other raters and pictures (bootstrap).")},
    {QT_TRANSLATE_NOOP("QuizResults", "F"),
     QT_TRANSLATE_NOOP("QuizResults", "Mean over raters of the F-measure of the class fake.")},
    {QT_TRANSLATE_NOOP("QuizResults", "Called fake"),
     QT_TRANSLATE_NOOP("QuizResults", "Share of the model's pictures that were recognised as fake.")},
    {QT_TRANSLATE_NOOP("QuizResults", "d′"),
     QT_TRANSLATE_NOOP("QuizResults",
                       "How well people tell them from real ones, whatever their leaning: 0 is "
                       "guessing, above 3 hardly an error.")},
    {QT_TRANSLATE_NOOP("QuizResults", "Pictures"),
     QT_TRANSLATE_NOOP("QuizResults", "Of the model in the quiz.")},
    {QT_TRANSLATE_NOOP("QuizResults", "Raters"), QT_TRANSLATE_NOOP("QuizResults", "Who judged them.")},
};

QLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("heading", true);
    return label;
}

}  // namespace

QuizResults::QuizResults(QWidget* parent) : QWidget(parent) {
    auto* body = new QHBoxLayout;
    body->setSpacing(space::l);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::l, space::l, space::l, space::l);
    column->setSpacing(space::l);
    column->addWidget(build_head());
    body->addWidget(build_figures(), 5);
    body->addWidget(build_pictures(), 4);
    column->addLayout(body, 1);
    auto* back = new QAction(tr("Back to the quizzes"), this);
    back->setShortcut(back_key());
    back->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(back, &QAction::triggered, this, &QuizResults::back_requested);
    addAction(back);
    setFocusPolicy(Qt::StrongFocus);
}

// --- Parts ---

QWidget* QuizResults::build_head() {
    auto* head = new QWidget(this);
    title_ = new QLabel(head);
    title_->setProperty("title", true);
    facts_ = new QLabel(head);
    facts_->setProperty("secondary", true);
    facts_->setObjectName("quiz_facts");
    export_ = new QPushButton(icon("save"), tr("Export…"), head);
    export_->setObjectName("quiz_export");
    export_->setAccessibleName(tr("Export"));
    export_->setToolTip(
        tr("Write the answers as CSV, answers and figures as JSON (modescope quiz-score reads both), or the "
           "chart "
           "as a picture."));
    connect(export_, &QPushButton::clicked, this, &QuizResults::ask_where_to_export);
    auto* back = new QPushButton(tr("Back"), head);
    back->setObjectName("quiz_back");
    back->setAccessibleName(tr("Back"));
    back->setToolTip(tr("To the quizzes (%1).").arg(back_key().toString(QKeySequence::NativeText)));
    connect(back, &QPushButton::clicked, this, &QuizResults::back_requested);
    auto* words = new QVBoxLayout;
    words->setSpacing(space::s);
    words->addWidget(title_);
    words->addWidget(facts_);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    row->addLayout(words, 1);
    row->addWidget(export_, 0, Qt::AlignTop);
    row->addWidget(back, 0, Qt::AlignTop);
    return head;
}

QWidget* QuizResults::build_figures() {
    auto* frame = new QFrame(this);
    frame->setProperty("card", true);
    chart_ = new IntervalChart(frame);
    chart_->setAccessibleName(tr("Realism of each model"));
    chart_->setToolTip(
        tr("Dot: realism of the model's pictures; bar: its 95 % interval over raters and pictures."));
    chart_->set_axis(1.5, {{0, tr("always recognised")}, {1, tr("no better than guessing")}});
    table_ = new QTableWidget(0, static_cast<int>(std::size(columns)), frame);
    table_->setObjectName("quiz_table");
    table_->setAccessibleName(tr("Figures of each model"));
    table_->setToolTip(tr("What the realism of each model is made of."));
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setFocusPolicy(Qt::TabFocus);
    table_->setShowGrid(false);
    table_->verticalHeader()->hide();
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int i = 0; i < table_->columnCount(); ++i) {
        auto* item = new QTableWidgetItem(tr(columns[i].name));
        item->setToolTip(tr(columns[i].help));
        item->setTextAlignment(i == 0 ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
        table_->setHorizontalHeaderItem(i, item);
    }
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(space::l, space::l, space::l, space::l);
    column->setSpacing(space::l);
    column->addWidget(heading(tr("Realism"), frame));
    column->addWidget(chart_);
    column->addWidget(table_, 1);
    return frame;
}

QWidget* QuizResults::build_pictures() {
    auto* side = new QWidget(this);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins({});
    column->setSpacing(space::m);
    const auto grid = [&](const QString& title, const QString& name, const QString& nothing) {
        auto* tiles = new TileGrid(side);
        tiles->set_pinnable(false);
        tiles->setObjectName(name);
        tiles->setAccessibleName(title);
        tiles->set_placeholder(nothing);
        column->addWidget(heading(title, side));
        column->addWidget(tiles, 1);
        return tiles;
    };
    fakes_ =
        grid(tr("Hardest fakes: most often taken for real"), "quiz_fakes", tr("No fake was taken for real."));
    reals_ = grid(tr("Distrusted: real pictures taken for fake"), "quiz_reals_distrusted",
                  tr("No real picture was taken for fake."));
    return side;
}

// --- Content ---

void QuizResults::show_quiz(const StoredQuiz& stored) {
    stored_ = stored;
    score_ = {};
    const Quiz& quiz = stored.quiz;
    title_->setText(QString::fromStdString(quiz.title));
    facts_->setText(tr("%n answer(s)", "", static_cast<int>(quiz.answers.size())));
    fill_tiles(fakes_, hardest_fakes(quiz.answers, tiles_shown), false);
    fill_tiles(reals_, distrusted_reals(quiz.answers, tiles_shown), true);
    fill_chart();
    fill_table();
    setFocus();
}

void QuizResults::set_score(const RealismScore& score) {
    score_ = score;
    const int exposure = stored_.quiz.exposure;
    facts_->setText(tr("%1 · %2 answers · %3 · %4 % of the real pictures were called fake")
                        .arg(score.raters == 1 ? tr("1 rater") : tr("%1 raters").arg(score.raters))
                        .arg(score.answers)
                        .arg(exposure ? tr("%1 s to look").arg(locale().toString(exposure / 1000.0))
                                      : tr("no limit of time"))
                        .arg(qRound(100 * score.false_alarm_rate)));
    fill_chart();
    fill_table();
}

const QuizModel* QuizResults::model(const std::string& name) const {
    const auto found = std::ranges::find(stored_.quiz.models, name, &QuizModel::name);
    return found == stored_.quiz.models.end() ? nullptr : &*found;
}

/// Configurations that occur twice are told apart by their models' names.
QString QuizResults::label(const std::string& name) const {
    const QuizModel* found = model(name);
    if (!found) return QString::fromStdString(name);
    const bool alone = std::ranges::count(stored_.quiz.models, found->label, &QuizModel::label) == 1;
    return QString::fromStdString(alone ? found->label : found->name);
}

void QuizResults::fill_chart() {
    std::vector<IntervalChart::Row> rows;
    for (const auto& each : score_.models) {
        const QuizModel* found = model(each.model);
        const QString id = QString::fromStdString(found ? found->configuration : each.model);
        rows.push_back({label(each.model), configuration_colour(id), each.realism, each.interval});
    }
    chart_->set_rows(std::move(rows));
}

void QuizResults::fill_table() {
    table_->setRowCount(static_cast<int>(score_.models.size()));
    const auto number = [this](double value) { return locale().toString(value, 'f', 2); };
    int row = 0;
    for (const auto& each : score_.models) {
        const QString interval =
            each.interval ? tr("%1 – %2").arg(number((*each.interval)[0]), number((*each.interval)[1]))
                          : tr("—");
        const QString texts[] = {label(each.model),
                                 number(each.realism),
                                 interval,
                                 number(each.f),
                                 tr("%1 %").arg(qRound(100 * each.hit_rate)),
                                 number(each.d_prime),
                                 QString::number(each.pictures),
                                 QString::number(each.raters)};
        for (int i = 0; i < table_->columnCount(); ++i) {
            auto* item = new QTableWidgetItem(texts[i]);
            item->setTextAlignment(i == 0 ? Qt::AlignLeft | Qt::AlignVCenter
                                          : Qt::AlignRight | Qt::AlignVCenter);
            if (i == 0) item->setToolTip(texts[i]);  // a small window cuts long names
            table_->setItem(row, i, item);
        }
        ++row;
    }
}

void QuizResults::fill_tiles(TileGrid* grid, const std::vector<PictureVerdict>& verdicts, bool real) {
    std::vector<TileGrid::Tile> tiles;
    for (const auto& verdict : verdicts) {
        const QString count = tr("%1 of %2").arg(verdict.mistaken).arg(verdict.answers);
        tiles.push_back({.picture = QImage(stored_.picture_path(verdict.picture)),
                         .caption = real ? count : tr("%1 · %2").arg(count, label(verdict.model))});
    }
    grid->set_tiles(std::move(tiles));
}

void QuizResults::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) fill_chart();
}

// --- Export ---

void QuizResults::ask_where_to_export() {
    auto* dialog = make_save_dialog(this, tr("Export answers"),
                                    tr("CSV: answers (*.csv);;JSON: answers and figures (*.json);;"
                                       "PNG: the chart (*.png);;SVG: the chart (*.svg)"),
                                    tr("realism-%1.csv").arg(QFileInfo(stored_.folder).fileName()));
    connect(dialog, &QFileDialog::fileSelected, this, &QuizResults::write);
    dialog->open();
}

void QuizResults::write(const QString& path) {
    const bool picture =
        path.endsWith(".png", Qt::CaseInsensitive) || path.endsWith(".svg", Qt::CaseInsensitive);
    try {
        if (!picture)
            export_answers(stored_, score_, path);
        else if (!chart_->save_image(path, tr("Realism · %1").arg(title_->text())))
            throw Error(tr("%1 cannot be written.").arg(path).toStdString());
        emit exported(path);
    } catch (const Error& error) {
        emit problem(QString::fromUtf8(error.what()));
    }
}

void export_answers(const StoredQuiz& stored, const RealismScore& score, const QString& path) {
    const auto& answers = stored.quiz.answers;
    if (!path.endsWith(".json", Qt::CaseInsensitive)) return write_file(path.toStdString(), to_csv(answers));
    const nlohmann::json json{
        {"title", stored.quiz.title}, {"score", to_json(score)}, {"answers", to_json(std::span(answers))}};
    write_file(path.toStdString(), json.dump(2) + "\n");
}

}  // namespace modescope
