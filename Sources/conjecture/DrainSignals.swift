import Dispatch
import Foundation
import Inquiry
import LanguageModels

/// The signals on which a campaign drains.
enum DrainSignals {
    /// SIGINT and SIGTERM let what is in flight end and be journaled, and nothing more be sent to a
    /// language model. A second one does not wait: a model may think for minutes, and the journal is
    /// safe at any moment.
    ///
    /// - Returns: what listens to the signals; to be cancelled when the campaign has ended.
    static func listen(for campaign: Campaign, budget: Budget?) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { signal in
            Foundation.signal(signal, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            source.setEventHandler {
                Task {
                    guard await campaign.drain() else {
                        Foundation.exit(ExitStatus.interrupted.rawValue)
                    }
                    await budget?.close()
                }
            }
            source.resume()
            return source
        }
    }

    /// Lets the signals end the process again, where something that may take long follows the campaign.
    static func end(_ sources: [any DispatchSourceSignal]) {
        sources.forEach { $0.cancel() }
        for signal in [SIGINT, SIGTERM] { Foundation.signal(signal, SIG_DFL) }
    }
}
