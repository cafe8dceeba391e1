// What the Toy Lab keeps between sessions, and what it writes on request.

#include <QApplication>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>

#include "app/labs/file_dialog.h"
#include "app/labs/toy/toy_board.h"
#include "app/labs/toy/toy_chips.h"
#include "app/labs/toy/toy_lab.h"
#include "app/labs/toy/toy_timeline_bar.h"
#include "app/labs/toy/toy_toolbar.h"
#include "widgets/chart.h"
#include "widgets/message_strip.h"
#include "widgets/slice_chart.h"
#include "widgets/theme.h"
#include "widgets/toy_panel.h"

namespace modescope {
namespace {

const QStringList first_configurations{"gan", "l2", "gan+100*l2", "gan+10*pmr2"};
constexpr int max_speed = 99;  ///< clamped to the last one offered

/// Every layer as one bit, in the order of its chips.
int to_bits(const ToyLayers& l) {
    return l.density | l.samples << 1 | l.discriminator << 2 | l.moments << 3 | l.predictor << 4;
}

ToyLayers from_bits(int bits) {
    return {.density = (bits & 1) != 0,
            .samples = (bits & 2) != 0,
            .discriminator = (bits & 4) != 0,
            .predictor = (bits & 16) != 0,
            .moments = (bits & 8) != 0};
}

/// The Y where it is of another version, or damaged.
QString known_toy(const QString& toy) {
    try {
        check_toy(toy.toStdString());
        return toy;
    } catch (const Error&) {
        return QStringLiteral("y");
    }
}

QString beside(const QString& path, const QString& part) {
    const QFileInfo info(path);
    return info.path() + QChar('/') + info.completeBaseName() + QChar('-') + part + QChar('.') +
           info.suffix();
}

/// The path, or the first one with a number behind its name, beside which none of the parts lies: a dialog
/// has asked about the path alone.
QString free_beside(const QString& path, const QStringList& parts) {
    const auto taken = [&](const QString& base) {
        return std::ranges::any_of(
            parts, [&](const QString& part) { return QFileInfo::exists(beside(base, part)); });
    };
    QString base = path;
    for (int number = 2; taken(base); ++number) base = beside(path, QString::number(number));
    return base;
}

}  // namespace

void ToyLab::load_settings() {
    QSettings settings;
    settings.beginGroup(QStringLiteral("toy_lab"));
    const QString toy = known_toy(settings.value("data", QStringLiteral("y")).toString());
    const auto seed = settings.value("seed", static_cast<qint64>(session_->seed())).toLongLong();
    const auto stop = settings.value("stop", static_cast<qint64>(session_->stop())).toLongLong();
    session_ = std::make_unique<ToySession>(seed, toy.toStdString());
    session_->set_stop(stop);
    truth_ = ToyDistribution::named(session_->toy());
    const QString own = known_toy(settings.value("own_points").toString());
    for (const QString& data : {own, toy}) toolbar_->set_data(data);  // own points can be chosen again
    toolbar_->set_seed(seed);
    toolbar_->set_stop(stop);
    toolbar_->set_speed_index(settings.value("speed", max_speed).toInt());
    set_layers(from_bits(settings.value("layers", to_bits(layers_)).toInt()));
    for (const QString& formula : settings.value("formulas").toStringList()) {
        add_typed_formula(formula);
        toggle_formula(formula, false);
    }
    for (const QString& formula : settings.value("configurations", first_configurations).toStringList())
        if (chips_->has_formula(formula)) toggle_formula(formula, true);
    strip_->hide();
    splitter_->restoreState(settings.value("splitter").toByteArray());
    toolbar_->tuning_button().setChecked(settings.value("tuning", false).toBool());
}

void ToyLab::save_settings() const {
    QSettings settings;
    settings.beginGroup(QStringLiteral("toy_lab"));
    QStringList configurations;
    for (const auto& shown : shown_) configurations << shown.formula;
    settings.setValue("data", QString::fromStdString(session_->toy()));
    settings.setValue("own_points", toolbar_->own_data());
    settings.setValue("seed", static_cast<qint64>(session_->seed()));
    settings.setValue("stop", static_cast<qint64>(session_->stop()));
    settings.setValue("speed", toolbar_->speed_index());
    settings.setValue("layers", to_bits(layers_));
    settings.setValue("formulas", chips_->formulas());
    settings.setValue("configurations", configurations);
    settings.setValue("splitter", splitter_->saveState());
    settings.setValue("tuning", toolbar_->tuning_button().isChecked());
}

void ToyLab::add_exports() {
    QMenu& menu = toolbar_->export_menu();
    const QString pictures = tr("PNG picture (*.png);;SVG drawing (*.svg)");
    menu.addAction(tr("Panels as a picture…"), this, [this, pictures] {
        export_to("panels.png", pictures, [this](const QString& path) {
            save_board(*board_, path);
            return QStringList{path};
        });
    });
    menu.addAction(tr("Charts as pictures…"), this, [this, pictures] {
        export_to("charts.png", pictures, [this](const QString& path) { return save_charts(path); });
    });
    menu.addAction(tr("Numbers as CSV…"), this, [this] {
        export_to("toy.csv", tr("CSV table (*.csv)"), [this](const QString& path) {
            std::vector<ToyHistory> histories;
            for (const auto& shown : shown_) histories.push_back(shown.history);
            save_scores(histories, path);
            return QStringList{path};
        });
    });
    menu.addAction(tr("Training as a film…"), this,
                   [this] { start_film("training.mp4", tr("MP4 film (*.mp4)")); });
    menu.addAction(tr("Training as pictures…"), this,
                   [this] { start_film("training.png", tr("Numbered PNG pictures (*.png)")); });
}

void ToyLab::export_to(const QString& suggestion, const QString& filter,
                       const std::function<QStringList(const QString&)>& save) {
    auto* dialog = make_save_dialog(this, tr("Export"), filter, suggestion);
    connect(dialog, &QFileDialog::fileSelected, this, [this, save](const QString& path) {
        try {
            strip_->show_message(MessageStrip::Severity::Info, tr("Saved %1.").arg(save(path).join(", ")));
        } catch (const Error& error) {
            strip_->show_message(MessageStrip::Severity::Error, QString::fromUtf8(error.what()));
        }
    });
    dialog->open();
}

/// Three charts, three files whose names begin alike.
QStringList ToyLab::save_charts(const QString& path) {
    const QStringList parts{"w1", "parts", "slice"};
    const QString base = free_beside(path, parts);
    QStringList paths;
    for (const QString& part : parts) paths << beside(base, part);
    if (!w1_chart_->save_image(paths[0]) || !parts_chart_->save_image(paths[1]))
        throw Error(tr("Cannot write %1 or its neighbour.").arg(paths[0]).toStdString());
    save_slice(*slice_chart_, paths[2]);
    return paths;
}

/// The panels as they lie on the page.
ToyFilm ToyLab::film() const {
    ToyFilm film{.panels = {}, .size = board_->size(), .palette = palette(), .font = font()};
    film.size -= QSize(film.size.width() % 2, film.size.height() % 2);  // what the encoder wants
    for (const auto& shown : shown_) {
        film.panels.push_back({QRectF(shown.panel->geometry()),
                               QString::fromStdString(shown.objective.label()), shown.panel->plot(),
                               shown.timeline});
        film.last_step = std::max(film.last_step, shown.timeline.last_step());
    }
    return film;
}

QString ToyLab::text_of_saved(const QStringList& files) {
    if (files.isEmpty()) return tr("No film was saved.");
    if (files.size() == 1) return tr("Saved %1.").arg(files.first());
    return tr("Saved %1 pictures, %2 to %3.")
        .arg(QString::number(files.size()), files.first(), QFileInfo(files.last()).fileName());
}

void ToyLab::start_film(const QString& suggestion, const QString& filter) {
    if (film_job_)
        return strip_->show_message(
            MessageStrip::Severity::Info,
            tr("%1 is still being written; another film can follow it.").arg(film_job_->path()));
    auto* dialog = make_save_dialog(this, tr("Export"), filter, suggestion);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        const bool numbered = path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive);
        film_job_ = std::make_unique<ToyFilmJob>(film(), numbered ? free_beside(path, {"0001"}) : path);
    });
    dialog->open();
}

void ToyLab::follow_film() {
    constexpr unsigned every = 16;  // ticks, between two messages
    if (!film_job_) return;
    const QString path = film_job_->path();
    if (!film_job_->is_done()) {
        if (ticks_ % every == 0)
            strip_->show_message(
                MessageStrip::Severity::Info,
                tr("Writing %1: %2 %").arg(QFileInfo(path).fileName()).arg(qRound(100 * film_job_->share())),
                tr("Cancel"), [this] {
                    if (film_job_) film_job_->cancel();
                });
        return;
    }
    const auto job = std::move(film_job_);
    try {
        strip_->show_message(MessageStrip::Severity::Info, text_of_saved(job->result()));
    } catch (const Error& error) {
        strip_->show_message(MessageStrip::Severity::Error, QString::fromUtf8(error.what()));
    }
}

}  // namespace modescope
