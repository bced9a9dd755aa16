export { findUnknownFields } from './unknownFields';
