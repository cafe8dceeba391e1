#pragma once

#include <QString>
#include <memory>
#include <vector>

#include "app/labs/lab.h"
#include "app/labs/toy_session.h"
#include "widgets/toy_paint.h"

class QSplitter;
class QTimer;

namespace modescope {

class LineChart;
class MessageStrip;
class SliceChart;
class StackChart;
class ToyBoard;
class ToyChips;
class ToyPanel;
class ToyToolbar;
class ToyTuning;

/// The page on which configurations of the loss train on the Y-shaped toy, side by side and step by step.
/// It starts to train when it is first shown, and rests while it is hidden. Settings are kept in QSettings
/// under "toy_lab". GUI thread only.
class ToyLab : public Lab {
    Q_OBJECT

public:
    explicit ToyLab(QWidget* parent = nullptr);
    ~ToyLab() override;

    const ToySession& session() const { return session_; }
    /// In the order of the session's runs.
    ToyPanel* panel(std::size_t index) const;

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Shown;

    void build();
    QWidget* build_charts();
    void connect_controls();
    void add_shortcuts();
    void load_settings();
    void save_settings() const;

    void add_formula(const QString& formula);
    void add_configuration(const QString& formula, const Objective& objective);
    void remove_configuration(std::size_t index);
    void select(std::size_t index);
    void recolour();
    void toggle_playing();
    void go_on_after_stop();
    void set_playing(bool playing);
    void restart(std::int64_t seed);
    void step(StepKind kind);
    void set_slice(double x);

    void tick();
    void update_shown(std::size_t index);
    void read_log(Shown& shown, const Run& run);
    QString status_text(std::size_t index) const;
    void refresh_charts();
    void follow_spec(std::size_t index);
    void emit_facts();

    void add_exports();
    void say(const QString& problem);
    void report_saved(const QStringList& paths);

    ToySession session_;
    std::vector<Shown> shown_;
    std::size_t selected_ = 0;
    ToyLayers layers_;
    double slice_x_ = 0.6;

    QTimer* timer_;
    ToyToolbar* toolbar_;
    ToyChips* chips_;
    MessageStrip* strip_;
    ToyBoard* board_;
    ToyTuning* tuning_;
    QSplitter* splitter_;
    LineChart* w1_chart_;
    StackChart* parts_chart_;
    SliceChart* slice_chart_;

    bool started_ = false;
    unsigned ticks_ = 0;
    ToySession::Clock::time_point facts_time_{};
    std::int64_t facts_steps_ = 0;
};

}  // namespace modescope
