import JSON

/// What a page did by itself: the tab's events, folded.
struct TabRecord {
    /// The texts of dialogs that a script has opened (alert, confirm, prompt, leaving the page).
    var dialogs: [String] = []
    /// What a console shows in red: errors, uncaught exceptions, refused resources.
    var errors: [String] = []
    /// The documents that have loaded with all their resources.
    var loaded: Set<String> = []

    mutating func note(_ method: String, _ parameters: JSONValue) {
        switch method {
        case "Page.javascriptDialogOpening":
            dialogs.append(parameters["message"]?.string ?? "")
        case "Page.lifecycleEvent":
            if parameters["name"]?.string == "load", let loader = parameters["loaderId"]?.string {
                loaded.insert(loader)
            }
        case "Runtime.exceptionThrown":
            errors.append(Self.text(ofException: parameters["exceptionDetails"] ?? .null))
        case "Runtime.consoleAPICalled":
            guard ["error", "assert"].contains(parameters["type"]?.string) else { return }
            let words = parameters["args"]?.array?.map { argument in
                argument["value"]?.string ?? argument["description"]?.string ?? argument.summary
            }
            errors.append((words ?? []).joined(separator: " "))
        case "Log.entryAdded":
            guard let entry = parameters["entry"], entry["level"]?.string == "error" else { return }
            let place = entry["url"]?.string.map { " (\($0))" } ?? ""
            errors.append((entry["text"]?.string ?? "") + place)
        default: break
        }
    }

    static func text(ofException details: JSONValue) -> String {
        details["exception"]?["description"]?.string
            ?? details["exception"]?["value"]?.summary ?? details["text"]?.string ?? details.summary
    }
}
