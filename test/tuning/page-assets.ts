// The page's script and style, bundled from the sources as they are now.
import type { PageAssets } from '../../src/tuning/report.ts';

interface Bundle extends PageAssets {
  readonly notices: string;
}

export async function bundlePage(): Promise<Bundle> {
  const url = new URL('../../scripts/report-page.mjs', import.meta.url);
  // a script without types
  const { bundleReportPage } = (await import(url.href)) as { bundleReportPage(): Promise<Bundle> };
  return await bundleReportPage();
}
