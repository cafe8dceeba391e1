#pragma once

#include <QString>
#include <functional>
#include <memory>
#include <vector>

#include "app/labs/lab.h"
#include "app/labs/toy/toy_export.h"
#include "app/labs/toy/toy_film.h"
#include "app/labs/toy/toy_session.h"
#include "core/worlds/toy.h"
#include "widgets/toy_paint.h"

class QAction;
class QLabel;
class QSplitter;
class QTimer;

namespace modescope {

class LineChart;
class MessageStrip;
class SliceChart;
class StackChart;
class ToyBoard;
class ToyChips;
class ToyLesson;
class ToyPanel;
class ToyPointsDialog;
class ToyTimelineBar;
class ToyToolbar;
class ToyTuning;
struct ToyRecipe;

/// The page on which configurations of the loss train on a toy, side by side and step by step.
/// It starts to train when it is first shown, and rests while it is hidden. Settings are kept in QSettings
/// under "toy_lab". GUI thread only.
class ToyLab : public Lab {
    Q_OBJECT

public:
    explicit ToyLab(QWidget* parent = nullptr);
    ~ToyLab() override;

    const ToySession& session() const { return *session_; }
    /// In the order of the session's runs.
    ToyPanel* panel(std::size_t index) const;
    void reset_layout() override;
    /// Puts a recorded training in the place of a panel's own: for timing.
    void set_timeline(std::size_t index, ToyTimeline timeline);

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    /// One configuration on the page; parallel to the session's runs.
    struct Shown {
        QString formula;  ///< the chip's, whatever was retuned since
        QString colour_id;
        ToyPanel* panel = nullptr;
        Objective objective;                  ///< as the panel's heading says
        std::string refusal;                  ///< of the last retuning, as already shown
        std::shared_ptr<const ToyView> view;  ///< on the panel
        std::shared_ptr<const ToyView> live;  ///< the newest
        ToyTimeline timeline;
        std::size_t log_cursor = 0;
        ToyHistory history;
    };

    /// All that trains side by side; those that are not on the page rest.
    struct Trainings {
        std::unique_ptr<ToySession> session;
        std::vector<Shown> shown;
        std::size_t selected = 0;
    };

    // toy_lab.cpp: the page and its configurations.
    void build();
    QWidget* build_charts();
    void connect_controls();
    void add_shortcuts();
    void add_typed_formula(const QString& text);
    void toggle_formula(const QString& formula, bool on_page);
    void add_chip(const QString& formula);
    void add_configuration(const QString& formula);
    void add_configuration(const QString& formula, const Spec& spec);
    void put_on_page(Shown& shown);
    void take_off_page(const Shown& shown);
    void remove_configuration(std::size_t index);
    std::size_t index_of(const ToyPanel* panel) const;
    void select(std::size_t index);
    void show_tuning();  ///< of the selected configuration
    void set_layers(const ToyLayers& layers);
    void set_slice(double x);
    void show_step(std::int64_t step);
    void show_live();
    void recolour();
    void toggle_playing();
    void step(StepKind kind);
    void slow_motion(StepKind kind);
    void restart(std::int64_t seed);
    void retune(const std::string& key, const FieldValue& value);

    // toy_lab_data.cpp: the distribution, and recipes.
    ToyTruth truth_density() const;
    void add_data_actions();
    void choose_data(const QString& toy);
    void edit_points();
    ToyRecipe recipe() const;
    void ask_recipe(bool save);
    void open_recipe_file(const QString& path);
    void train(const ToyRecipe& recipe);
    Trainings exchange(Trainings next);
    void go(std::vector<Trainings>& from, std::vector<Trainings>& to);
    void allow_going();

    // toy_lab_live.cpp: what happens while it trains.
    void tick();
    void update_panel(std::size_t index);
    void read_log(std::size_t index);
    void tell_result(const ToyView& before, const ToyView& after);
    QString status_text(std::size_t index) const;
    void follow_spec(std::size_t index);
    void refresh_charts();
    void refresh_slice();
    void forget_curves(std::size_t index);
    void show_parts();
    void explain_parts();
    void emit_facts();

    // toy_lab_files.cpp: settings and exports.
    void load_settings();
    void save_settings() const;
    void add_exports();
    void export_to(const QString& suggestion, const QString& filter,
                   const std::function<QStringList(const QString&)>& save);
    QStringList save_charts(const QString& path);
    ToyFilm film() const;
    static QString text_of_saved(const QStringList& files);
    void start_film(const QString& suggestion, const QString& filter);
    void follow_film();

    std::unique_ptr<ToySession> session_;
    std::vector<Shown> shown_;
    std::size_t selected_ = 0;
    std::vector<Trainings> past_, future_;  ///< to go back to, and what was gone back from
    ToyLayers layers_;
    double slice_x_ = 0.6;
    ToyDistribution truth_ = ToyDistribution::y_shape();

    QTimer* timer_ = nullptr;
    ToyToolbar* toolbar_ = nullptr;
    ToyChips* chips_ = nullptr;
    MessageStrip* strip_ = nullptr;
    ToyBoard* board_ = nullptr;
    ToyTimelineBar* timeline_bar_ = nullptr;
    ToyLesson* lesson_ = nullptr;
    ToyTuning* tuning_ = nullptr;
    ToyPointsDialog* points_dialog_ = nullptr;
    QAction *back_ = nullptr, *forth_ = nullptr;
    QSplitter* splitter_ = nullptr;
    LineChart* w1_chart_ = nullptr;
    StackChart* parts_chart_ = nullptr;
    SliceChart* slice_chart_ = nullptr;
    QLabel* parts_sentence_ = nullptr;
    std::unique_ptr<ToyFilmJob> film_job_;

    bool started_ = false;      ///< played by itself when it was first shown
    bool was_playing_ = false;  ///< as the toolbar shows
    unsigned ticks_ = 0;
    ToySession::Clock::time_point facts_time_{};
    std::int64_t facts_steps_ = 0;
};

}  // namespace modescope
