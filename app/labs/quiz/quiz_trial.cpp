#include "app/labs/quiz/quiz_trial.h"

#include <QAction>
#include <QApplication>
#include <QBoxLayout>
#include <QHideEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <utility>

#include "widgets/picture_stage.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int cross_milliseconds = 500;
constexpr int note_width = 560;
constexpr int answer_width = 200, answer_height = 52;

}  // namespace

QuizTrial::QuizTrial(QWidget* parent) : QWidget(parent), stack_(new QStackedWidget(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::l, space::l, space::l, space::l);
    column->setSpacing(space::m);
    column->addWidget(build_head());
    column->addWidget(stack_, 1);
    stack_->addWidget(build_board());
    stack_->addWidget(build_note());
    add_key(tr("Real"), {Qt::Key_R}, [this] { answer(false); });
    add_key(tr("Fake"), {Qt::Key_F}, [this] { answer(true); });
    add_key(tr("Go on"), {Qt::Key_Space, Qt::Key_Return, Qt::Key_Enter}, [this] { press(); });
    back_ = add_key(tr("Take the last answer back"), {Qt::Key_Backspace}, [this] { take_back(); });
    add_key(tr("Stop, to go on later"), {Qt::Key_Escape}, [this] { emit stopped(); });
    timer_.setSingleShot(true);
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, [this] {
        if (phase_ == Phase::Cross) return expose();
        stage_->hide_picture();
        set_phase(Phase::Hidden);
    });
    setFocusPolicy(Qt::StrongFocus);
}

QString QuizTrial::rater() const { return pass_ ? QString::fromStdString(pass_->rater()) : QString(); }

// --- Parts ---

QWidget* QuizTrial::build_head() {
    auto* head = new QWidget(this);
    title_ = new QLabel(head);
    title_->setProperty("heading", true);
    title_->setObjectName("quiz_title");
    count_ = new QLabel(head);
    count_->setProperty("secondary", true);
    count_->setObjectName("quiz_count");
    progress_ = new QProgressBar(head);
    progress_->setTextVisible(false);
    progress_->setAccessibleName(tr("Pictures judged"));
    progress_->setToolTip(tr("How many of the pictures you have judged."));
    stop_ = new QPushButton(tr("Stop"), head);
    stop_->setProperty("flat", true);
    stop_->setObjectName("quiz_stop");
    stop_->setFocusPolicy(Qt::TabFocus);
    stop_->setAccessibleName(tr("Stop"));
    stop_->setToolTip(
        tr("Leave now and go on later with the same picture; every answer is saved already (Esc)."));
    connect(stop_, &QPushButton::clicked, this, &QuizTrial::stopped);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins({});
    row->setSpacing(space::l);
    row->addWidget(title_);
    row->addWidget(progress_, 1);
    row->addWidget(count_);
    row->addWidget(stop_);
    return head;
}

QWidget* QuizTrial::build_board() {
    auto* board = new QWidget(this);
    stage_ = new PictureStage(board);
    feedback_ = new QLabel(board);
    feedback_->setObjectName("quiz_feedback");
    feedback_->setAlignment(Qt::AlignCenter);
    feedback_->setMinimumHeight(feedback_->fontMetrics().height() + space::m);
    onward_ = new QPushButton(tr("Next   Space"), board);
    onward_->setObjectName("quiz_onward");
    onward_->setProperty("primary", true);
    onward_->setFocusPolicy(Qt::TabFocus);
    onward_->setAccessibleName(tr("Next picture"));
    onward_->setToolTip(tr("To the next picture (Space)."));
    auto policy = onward_->sizePolicy();
    policy.setRetainSizeWhenHidden(true);  // the picture must not jump
    onward_->setSizePolicy(policy);
    onward_->hide();
    connect(onward_, &QPushButton::clicked, this, &QuizTrial::go_on);
    auto* said = new QHBoxLayout;
    said->setSpacing(space::l);
    said->addStretch();
    said->addWidget(feedback_);
    said->addWidget(onward_);
    said->addStretch();
    real_ =
        build_answer(tr("Real"), "R", tr("This picture comes from the data, no model made it (R)."), false);
    fake_ = build_answer(tr("Fake"), "F", tr("A model made this picture (F)."), true);
    auto* answers = new QHBoxLayout;
    answers->setSpacing(space::l);
    answers->addStretch();
    answers->addWidget(real_);
    answers->addWidget(fake_);
    answers->addStretch();
    auto* column = new QVBoxLayout(board);
    column->setContentsMargins(0, 0, 0, space::l);
    column->setSpacing(space::m);
    column->addWidget(stage_, 1);
    column->addLayout(said);
    column->addLayout(answers);
    return board;
}

QPushButton* QuizTrial::build_answer(const QString& text, const QString& key, const QString& help,
                                     bool fake) {
    auto* button = new QPushButton(tr("%1   %2").arg(text, key), this);
    button->setObjectName(fake ? "quiz_fake" : "quiz_real");
    button->setMinimumSize(answer_width, answer_height);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(text);
    button->setToolTip(help);
    connect(button, &QPushButton::clicked, this, [this, fake] { answer(fake); });
    return button;
}

QWidget* QuizTrial::build_note() {
    auto* page = new QWidget(this);
    note_title_ = new QLabel(page);
    note_title_->setProperty("title", true);
    note_title_->setObjectName("quiz_note");
    note_text_ = new QLabel(page);
    note_text_->setObjectName("quiz_note_text");
    note_text_->setWordWrap(true);
    first_ = new QPushButton(page);
    first_->setProperty("primary", true);
    first_->setObjectName("quiz_next");
    first_->setToolTip(tr("Go on (Space)."));
    second_ = new QPushButton(page);
    second_->setObjectName("quiz_other");
    second_->setToolTip(tr("The other way on."));
    connect(first_, &QPushButton::clicked, this, &QuizTrial::go_on);
    connect(second_, &QPushButton::clicked, this, [this] {
        if (other_) std::exchange(other_, nullptr)();
    });
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(space::m);
    buttons->addWidget(first_);
    buttons->addWidget(second_);
    buttons->addStretch();
    auto* text = new QWidget(page);
    text->setFixedWidth(note_width);
    auto* column = new QVBoxLayout(text);
    column->setContentsMargins({});
    column->setSpacing(space::l);
    column->addWidget(note_title_);
    column->addWidget(note_text_);
    column->addLayout(buttons);
    auto* outer = new QVBoxLayout(page);
    outer->addStretch(2);
    outer->addWidget(text, 0, Qt::AlignHCenter);
    outer->addStretch(3);
    return page;
}

QAction* QuizTrial::add_key(const QString& name, const QList<QKeySequence>& keys,
                            const std::function<void()>& run) {
    auto* action = new QAction(name, this);
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setAutoRepeat(false);  // a held key must not judge the next pictures too
    connect(action, &QAction::triggered, this, run);
    addAction(action);
    return action;
}

// --- Notes ---

void QuizTrial::show_note(const QString& title, const QString& text, const QString& label,
                          std::function<void()> next, const QString& second_label,
                          std::function<void()> second) {
    timer_.stop();
    set_phase(Phase::Note);
    note_title_->setText(title);
    note_text_->setText(text);
    note_text_->setFixedHeight(note_text_->heightForWidth(note_width));  // centred layouts do not ask
    first_->setText(label);
    first_->setAccessibleName(label);
    second_->setText(second_label);
    second_->setAccessibleName(second_label);
    second_->setVisible(!second_label.isEmpty());
    next_ = std::move(next);
    other_ = std::move(second);
    stack_->setCurrentIndex(1);
    first_->setFocus();
}

void QuizTrial::begin(const StoredQuiz& stored, const QString& rater) {
    stored_ = stored;
    practised_.reset();
    pass_ = std::make_unique<QuizPass>(stored_.quiz, rater.toStdString());
    show_progress(rater, pass_->done(), pass_->count());
    if (pass_->finished()) return thank();
    if (pass_->done() > 0)
        return show_note(tr("Welcome back, %1").arg(rater),
                         tr("You have judged %1 of %2 pictures. R says real, F says fake.")
                             .arg(pass_->done())
                             .arg(pass_->count()),
                         tr("Go on"), [this] { next_test(); });
    welcome();
}

void QuizTrial::welcome() {
    const int exposure = stored_.quiz.exposure;
    const QString look = exposure ? tr("Each picture is visible for %1 s only; answer during or after it.")
                                        .arg(locale().toString(exposure / 1000.0))
                                  : tr("Look as long as you like; Backspace takes the last answer back.");
    const int practice = static_cast<int>(stored_.quiz.practice.size());
    show_note(
        tr("Hello, %1").arg(rater()),
        tr("You will see %1 pictures, half of them real and half made by models, in random order. Press R "
           "for real and F for fake. %2\n\nFirst try it with %3 pictures; there you are told whether you "
           "were right.")
            .arg(pass_->count())
            .arg(look)
            .arg(practice),
        tr("Practise"), [this] { start_practice(); }, tr("Skip the practice"), [this] { start_test(); });
}

void QuizTrial::start_practice() {
    practised_ = 0;
    next_practice();
}

void QuizTrial::start_test() {
    practised_.reset();
    show_note(
        tr("Now the test"),
        tr("%1 pictures, without a word on whether you are right. Half of them are real, so go by your first "
           "impression. You may stop whenever you like and go on later.")
            .arg(pass_->count() - pass_->done()),
        tr("Begin"), [this] { next_test(); });
}

void QuizTrial::take_a_break() {
    show_note(tr("Take a breath"),
              tr("%1 of %2 pictures are done. Look out of the window for a moment; rested eyes judge better.")
                  .arg(pass_->done())
                  .arg(pass_->count()),
              tr("Go on"), [this] { next_test(); });
}

void QuizTrial::thank() {
    show_progress(rater(), pass_->done(), pass_->count());
    show_note(
        tr("Thank you, %1").arg(rater()),
        tr("All %1 pictures are judged. The results name the models; let others take part before you look at "
           "them together.")
            .arg(pass_->count()),
        tr("Next rater"), [this] { emit stopped(); }, tr("See the results"),
        [this] { emit results_requested(); });
}

// --- Pictures ---

void QuizTrial::next_practice() {
    const auto& pictures = stored_.quiz.practice;
    show_progress(tr("Practice"), static_cast<int>(*practised_), static_cast<int>(pictures.size()));
    if (*practised_ >= pictures.size()) return start_test();
    present(pictures[*practised_]);
}

void QuizTrial::next_test() {
    show_progress(rater(), pass_->done(), pass_->count());
    if (pass_->finished()) return thank();
    if (pass_->break_due() && phase_ != Phase::Note) return take_a_break();
    present(pass_->current());
}

void QuizTrial::present(const QuizPicture& picture) {
    const QString path = stored_.picture_path(picture.id);
    const QImage image(path);
    if (image.isNull()) {
        emit problem(tr("%1 is missing or damaged; delete this quiz and make a new one.").arg(path));
        return emit stopped();
    }
    before_ = 0;
    feedback_->clear();
    stage_->announce(image);
    stack_->setCurrentIndex(0);
    setFocus();
    if (stored_.quiz.exposure == 0) return expose();
    set_phase(Phase::Cross);
    timer_.start(cross_milliseconds);
}

void QuizTrial::expose() {
    stage_->reveal_picture();
    since_.start();
    set_phase(Phase::Looking);
    if (stored_.quiz.exposure > 0) timer_.start(stored_.quiz.exposure);
}

double QuizTrial::milliseconds() const { return before_ + static_cast<double>(since_.elapsed()); }

void QuizTrial::answer(bool fake) {
    if (phase_ != Phase::Looking && phase_ != Phase::Hidden) return;
    timer_.stop();
    if (practised_) {
        const bool is_fake = stored_.quiz.practice[*practised_].model != real_pictures;
        return judge_practice(is_fake, fake == is_fake);
    }
    pass_->answer(fake, milliseconds());
    set_phase(Phase::Feedback);
    emit changed(stored_);
    next_test();
}

void QuizTrial::judge_practice(bool fake, bool right) {
    set_phase(Phase::Feedback);
    stage_->reveal_picture();
    stage_->set_mark(right ? PictureStage::Mark::Right : PictureStage::Mark::Wrong);
    const QString truth = fake ? tr("it is fake") : tr("it is real");
    feedback_->setText((right ? tr("Right, %1.") : tr("No, %1.")).arg(truth));
    onward_->show();
}

/// Of Space and Return.
void QuizTrial::press() {
    auto* button = qobject_cast<QPushButton*>(QApplication::focusWidget());
    if (button && isAncestorOf(button))
        button->click();
    else
        go_on();
}

/// To the next page or, in the practice, to the next picture.
void QuizTrial::go_on() {
    if (phase_ == Phase::Note && next_) return std::exchange(next_, nullptr)();
    if (phase_ != Phase::Feedback || !practised_) return;
    ++*practised_;
    next_practice();
}

void QuizTrial::take_back() {
    if (!pass_ || practised_ || !pass_->can_take_back()) return;
    const double taken = pass_->take_back();
    emit changed(stored_);
    show_progress(rater(), pass_->done(), pass_->count());
    present(pass_->current());
    before_ = taken;
}

void QuizTrial::set_phase(Phase phase) {
    phase_ = phase;
    const bool open = phase == Phase::Looking || phase == Phase::Hidden;
    // A button that is disabled would pass the focus on, perhaps to Stop.
    if (!open && (real_->hasFocus() || fake_->hasFocus())) setFocus();
    if (onward_->hasFocus()) setFocus();
    onward_->hide();
    real_->setEnabled(open);
    fake_->setEnabled(open);
    back_->setEnabled(!practised_ && pass_ && pass_->can_take_back());
}

void QuizTrial::show_progress(const QString& title, int done, int count) {
    title_->setText(title);
    progress_->setRange(0, count);
    progress_->setValue(done);
    count_->setText(tr("%1 of %2").arg(done).arg(count));
}

/// A picture does not run out while another page is shown.
void QuizTrial::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    if (event->spontaneous() || phase_ == Phase::Note || !pass_) return;
    timer_.stop();
    if (practised_)
        welcome();
    else
        begin(StoredQuiz(stored_), rater());
}

}  // namespace modescope
