import { type Server, serve } from "../../local/http";

/** An account with recorded responses, for what moto does not support: pages, and a root user. */
export interface RecordedAccount extends Server {
  /** Resolves when the page that never arrives is requested. */
  readonly held: Promise<void>;
}

/**
 * Serves the requests of an audit.
 *
 * @param recorded the pages of GetAccountAuthorizationDetails, each the XML inside its result; the CSV of the credential report; which
 *   page never arrives, from 0; and whether the root user has a password
 */
export async function recordedAccount(recorded: {
  readonly account: string;
  readonly pages: readonly string[];
  readonly report: string;
  readonly hold?: number;
  readonly rootPassword?: boolean;
}): Promise<RecordedAccount> {
  const { account, pages, report, hold, rootPassword = true } = recorded;
  let askedFor = () => {};
  const held = new Promise<void>((done) => {
    askedFor = done;
  });
  const resultOf = (parameters: URLSearchParams): string | undefined => {
    switch (parameters.get("Action")) {
      case "GetCallerIdentity":
        return `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/auditor</Arn>`;
      case "ListAccountAliases":
        return "<AccountAliases><member>recorded</member></AccountAliases><IsTruncated>false</IsTruncated>";
      case "GetAccountSummary":
        return `<SummaryMap><entry><key>AccountPasswordPresent</key><value>${Number(rootPassword)}</value></entry></SummaryMap>`;
      case "ListSSHPublicKeys":
        return "<SSHPublicKeys/><IsTruncated>false</IsTruncated>";
      case "ListServiceSpecificCredentials":
        return "<ServiceSpecificCredentials/>";
      case "ListVirtualMFADevices":
        return "<VirtualMFADevices/><IsTruncated>false</IsTruncated>";
      case "GenerateCredentialReport":
        return "<State>COMPLETE</State>";
      case "GetCredentialReport":
        return (
          `<Content>${Buffer.from(report).toString("base64")}</Content>` +
          "<GeneratedTime>2030-01-31T12:00:00Z</GeneratedTime><ReportFormat>text/csv</ReportFormat>"
        );
      case "GetAccountAuthorizationDetails": {
        const page = Number(parameters.get("Marker") ?? 0);
        if (page === hold) return undefined;
        const more = page + 1 < pages.length;
        return `${pages[page] ?? ""}<IsTruncated>${more}</IsTruncated>${more ? `<Marker>${page + 1}</Marker>` : ""}`;
      }
      default:
        throw new Error(`nothing is recorded of ${parameters.get("Action")}`);
    }
  };
  const server = await serve(async ({ body }) => {
    const parameters = new URLSearchParams(body.toString());
    const action = parameters.get("Action");
    const result = resultOf(parameters);
    if (result === undefined) {
      askedFor();
      return new Promise(() => {});
    }
    const xml = `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
    return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(xml) };
  });
  return { ...server, held };
}
