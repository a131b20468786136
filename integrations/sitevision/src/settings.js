/* What an administrator has chosen: where articles lie, and how they look. */
import appData from '@sitevision/api/server/appData';
import metadataDefinitionUtil from '@sitevision/api/server/MetadataDefinitionUtil';
import propertyUtil from '@sitevision/api/server/PropertyUtil';
import resourceLocatorUtil from '@sitevision/api/server/ResourceLocatorUtil';
import { problem } from './answer';

/** @typedef {import('@sitevision/api/types/javax/jcr/Node').Node} Node */

/** @param {string} name */
function text(name) {
  const value = appData.get(name);
  return value ? String(value) : '';
}

/** @param {string} what */
function missing(what) {
  return problem(503, 'not-configured', 'the settings of the RESTApp lack ' + what);
}

/**
 * @returns {{ parent: Node, template: Node, layout: string, metadata: string, description: string }}
 */
export function settings() {
  const parent = appData.getNode('parent');
  if (!parent) {
    throw missing('the page that articles lie under');
  }
  const chosen = text('template');
  const template = chosen ? resourceLocatorUtil.getNodeByIdentifier(chosen) : propertyUtil.getNode(parent, 'template');
  if (!template) {
    throw missing('a page template');
  }
  const metadata = text('metadata');
  if (!metadata || !metadataDefinitionUtil.getDefinition(parent, metadata)) {
    throw missing('a metadata definition of the type text, which that page has');
  }
  return { parent, template, layout: text('layout'), metadata, description: text('description') };
}
