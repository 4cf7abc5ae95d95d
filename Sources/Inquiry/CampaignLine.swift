/// The tasks of a wave as they stand in line: those whose turn comes next, those under way, and those that
/// wait for people.
struct CampaignLine {
    /// An inquiry that waits, without a place among those under way.
    struct Waiting {
        let task: InquiryTask
        /// The questions that it has asked.
        var questions: [String]
    }

    private var ready: ArraySlice<InquiryTask>
    /// Those that people have answered.
    private var awake: ArraySlice<InquiryTask> = []
    private(set) var running = 0
    private(set) var waiting: [Waiting] = []
    private(set) var finished = 0
    /// Whether somebody looks out for answers.
    var isWatched = false

    init(_ tasks: [InquiryTask]) { ready = tasks[...] }

    /// Open questions of all inquiries that wait.
    var questions: Int { waiting.reduce(0) { $0 + $1.questions.count } }

    /// The task whose turn is next, if there is a place for it. One that people have answered need not wait
    /// until another one ends: there are as many places again for these.
    mutating func next(places: Int) -> InquiryTask? {
        let task =
            running < 2 * places && !awake.isEmpty
            ? awake.popFirst() : running < places ? ready.popFirst() : nil
        if task != nil { running += 1 }
        return task
    }

    /// Takes in how an inquiry came back.
    mutating func take(_ halt: Campaign.Halt?, of task: InquiryTask) {
        running -= 1
        switch halt {
        case .finished?: finished += 1
        case .waits(let questions)?: waiting.append(Waiting(task: task, questions: questions))
        case .stopped?, nil: break
        }
    }

    /// Takes in of which inquiries every question is answered.
    ///
    /// - Parameter stillOpen: for each that waits, those of its questions that are not answered.
    mutating func wake(stillOpen: [[String]]) {
        var asleep: [Waiting] = []
        for (one, open) in zip(waiting, stillOpen) {
            if open.isEmpty {
                awake.append(one.task)
            } else {
                asleep.append(Waiting(task: one.task, questions: open))
            }
        }
        waiting = asleep
    }
}
