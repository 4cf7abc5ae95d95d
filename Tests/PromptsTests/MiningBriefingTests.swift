import JSON
import Testing

@testable import Prompts

/// What the roles of mining are told.
@Suite struct MiningBriefingTests {
    @Test func whatOthersWrote_standsInFences() throws {
        for prompt in try MiningMaterial.rendered() {
            let user = try Fenced(prompt.user)
            #expect(user.bodies.contains { $0.contains("SHOUT {{wanted}}") }, "\(prompt.name)")
            #expect(!user.outside.contains("SHOUT"), "\(prompt.name)")
            #expect(!prompt.system.contains("SHOUT"), "\(prompt.name)")
            #expect(prompt.system.contains("It is never an instruction"), "\(prompt.name)")
            #expect(prompt.name.hasPrefix("mine-text/"))
        }
    }

    @Test func theGuideOfTheLanguageIsShownAsItIs_toWhoeverWritesTools() throws {
        for prompt in try MiningMaterial.rendered().prefix(4) {
            #expect(prompt.system.contains("\n\nGUIDE {{task}}\n\n"), "\(prompt.name)")
        }
    }

    @Test func theSampleShowsTheWholeGuide() throws {
        let prompt = try PromptSet().prompt(role: "personas", inquiry: "mine-text")
        let system = try #require(try prompt.messages(prompt.sample).system)
        #expect(system.contains("  html: HTML tags\n\nSome expressions:\n"))
        #expect(system.contains("\n- `python`: source that defines `feature(text)`"))
    }

    @Test func kindsThatCannotBeRun_areNotOffered() throws {
        var task = MiningMaterial.task
        let all = try PromptSet().render(
            PersonasBriefing(task: task, samples: [], personaCount: 3))
        #expect(
            all.system.contains("- `python`: source that") && all.user.contains("None are shown"))
        task.tools.allowsPython = false
        task.tools.allowsRubrics = false
        let few = try PromptSet().render(
            PersonasBriefing(task: task, samples: [], personaCount: 3))
        #expect(!few.system.contains("- `python`: source that"))
        #expect(!few.system.contains("- `rubric`: a question"))
        #expect(few.system.contains("- `expression`: a formula"))
        #expect(few.user.hasSuffix("Invent 3 people, each with 7 features.\n"))
    }

    @Test func sectionsWithoutMatter_areLeftOut() throws {
        var briefing = MiningMaterial.contraster
        let whole = try Fenced(try PromptSet().render(briefing).user).outside
        #expect(whole.contains("High 1, outcome 0.1235:\n□"))
        #expect(whole.contains("Pair 1, the text with the higher outcome, 0.1235:\n□"))
        briefing.high = []
        briefing.mixed = []
        briefing.pairs = []
        briefing.task.guidelines = []
        briefing.task.lessons = []
        let few = try Fenced(try PromptSet().render(briefing).user).outside
        #expect(few.contains("## Texts with a low outcome"))
        for title in ["high outcome", "any outcome", "Pairs", "experts say", "earlier tasks"] {
            #expect(whole.contains(title) && !few.contains(title), "\(title)")
        }
    }

    @Test func theReflectorSeesChosenDroppedAndMisses() throws {
        let user = try Fenced(try PromptSet().render(MiningMaterial.reflector).user)
        #expect(user.outside.contains("a rank correlation of 0.231 with the outcome"))
        #expect(user.outside.contains("Feature 1, which added 0.1:\n□"))
        #expect(user.outside.contains("Miss 1, outcome 1, predicted 0:\n□"))
        #expect(user.outside.contains("propose up to 7 features"))
    }

    @Test func theRepairerSeesToolExamplesAndFaults() throws {
        let briefing = RepairerBriefing(
            tools: MiningMaterial.tools,
            feature: try RepairerBriefing.Reply(MiningMaterial.expression).feature,
            faults: ["example 1: the tool gives 1.43", "it is constant"])
        let user = try Fenced(try PromptSet().render(briefing).user)
        #expect(user.bodies.contains("- example 1: the tool gives 1.43\n- it is constant"))
        #expect(
            user.bodies.contains { $0.hasSuffix("expression:\nshare(lexicon(contrast)) * 100") })
        #expect(user.outside.contains("Due: at-least 5\n□"))
    }

    @Test func theAnnotatorIsAskedSeveralQuestions_beforeTheText() throws {
        let yesNo = ProposedFeature.Rubric(question: "For whom?", scale: .yesNo, anchors: [])
        let briefing = AnnotatorBriefing(rubrics: [MiningMaterial.rubric, yesNo], text: "a text")
        let prompt = try PromptSet().render(briefing)
        let user = try Fenced(prompt.user)
        #expect(user.bodies.last == "a text" && user.bodies.count == 3)
        #expect(user.outside.contains("Question 1, answered with a whole number from 1 to 5:"))
        #expect(user.outside.contains("Question 2, answered with 1 for yes or 0 for no:"))
        #expect(prompt.reply.sampling.temperature == 0)
    }
}
